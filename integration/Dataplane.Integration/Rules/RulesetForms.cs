using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Nftables;
using Dataplane.Policy.Compilation;
using Dataplane.Rules.Changes;
using Dataplane.Rules.Nftables;
using Dataplane.Rules.Nftables.Render;
using Dataplane.Rules.Shape;
using Dataplane.Services.Tables;
using Dataplane.Testing.Clusters;
using Dataplane.Testing.Generating;

namespace Dataplane.Integration.Rules;

/// <summary>
/// The netlink form and the text form of one ruleset, each loaded into a fresh namespace, list the same.
/// </summary>
public sealed class RulesetForms
{
    [Theory]
    [InlineData(1, null, null, false, true)]
    [InlineData(2, 100u, null, false, true)]
    [InlineData(3, null, 1000u, false, true)]
    [InlineData(4, 100u, 1000u, false, false)]
    [InlineData(5, 100u, 1000u, true, true)]
    public void Netlink_and_text_list_the_same(
        int seed, uint? loggedDrops, uint? connections, bool shared, bool guarded)
    {
        var shape = NodeShape.Default with
        {
            LoggedDropsPerSecond = loggedDrops,
            ConnectionsPerPod = connections,
            IsShared = shared,
            IsGuarded = guarded,
            Masqueraded = [IPNetwork.Parse("10.244.0.0/16"), IPNetwork.Parse("10.16.0.0/12"),
                IPNetwork.Parse("fd00:10:244::/64"), IPNetwork.Parse("fd00::/58")],
        };
        var cluster = RandomCluster.Generate(seed, 12);
        var classes = Compiler.Compile(cluster);
        var ports = classes.Addresses.Select((a, i) =>
            new PortAddress(new(1001 + i / 2), new MacAddress(0x0200_0000_0100 + (ulong)i), a)).ToList();
        var table = Services(seed);
        var tables = new NodeTables(shape, ServiceShape.Of(table));
        var whole = RulesetChange.Whole(classes, ports, 1) with
        {
            Services = new ServiceChange(ServiceTable.Empty, table),
            NodeAddresses = new([], [IPAddress.Parse("10.244.0.1"), IPAddress.Parse("fd00:10:244::1")]),
        };
        Assert.Equal(ListedAfterNetlink(tables, whole), ListedAfterText(tables.Ruleset(whole)));
        ThreadHome.AssertAllHome();
    }

    /// <summary>Every second ruleset has some.</summary>
    private static ServiceTable Services(int seed) => seed % 2 == 0 ? ServiceTable.Empty : new ServiceLab()
        .Pool(AddressFamily.InterNetwork, ["10.244.0.4:8080", "10.244.0.5:8080"], affinity: 10_800)
        .At("TCP 80 10.96.0.10").At("TCP 30080").Address("10.96.0.10")
        .Pool(AddressFamily.InterNetworkV6, ["[fd00:10:244::4]:53"], affinity: seed, sources: ["2001:db8::/33"])
        .At("UDP 53 fd00:10:96::a").Address("fd00:10:96::a")
        .Pool(AddressFamily.InterNetwork, [], drops: true, sources: ["198.51.100.0/24", "203.0.113.1/32"])
        .At("SCTP 9 198.51.100.1").Table;

    private static string ListedAfterNetlink(NodeTables tables, RulesetChange whole)
    {
        using var netns = TestNetns.Create();
        using var socket = NetlinkSocket.Open(NetlinkProtocol.Netfilter, netns.Netns);
        using var batch = new NftBatch(socket);
        tables.Create(batch, whole, NftTableFlags.None);
        batch.Commit("load the ruleset");
        return List(netns);
    }

    /// <summary>The listing without handles: they count in the order of creation, which is nft's business.</summary>
    private static string List(TestNetns netns) =>
        Regex.Replace(netns.Exec("nft", "-j list ruleset"), "\"handle\": [0-9]+,? ?", "")
            .Replace("}, {", "},\n{", StringComparison.Ordinal);

    /// <summary>What nft lists it can read again, and lists the same.</summary>
    [Fact]
    public void The_listing_loads_again()
    {
        var shape = NodeShape.Default with { LoggedDropsPerSecond = 100, ConnectionsPerPod = 1000 };
        var ruleset = NodeRuleset.Build(shape, RulesetChange.Whole(Compiler.Compile(RandomCluster.Generate(5, 12)), [],
            1) with { Services = new ServiceChange(ServiceTable.Empty, Services(5)) });
        using var first = TestNetns.Create();
        first.Exec("nft", "-f -", NftTextRenderer.Render(ruleset.Tables));
        using var second = TestNetns.Create();
        second.Exec("nft", "-f -", first.Exec("nft", "list ruleset"));
        Assert.Equal(List(first), List(second));
        ThreadHome.AssertAllHome();
    }

    private static string ListedAfterText(NodeRuleset ruleset)
    {
        using var netns = TestNetns.Create();
        netns.Exec("nft", "-f -", NftTextRenderer.Render(ruleset.Tables));
        return List(netns);
    }
}
