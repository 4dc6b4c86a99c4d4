using System.Text.RegularExpressions;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Nftables;
using Dataplane.Policy.Compilation;
using Dataplane.Policy.Tests;
using Dataplane.Rules.Nftables;

namespace Dataplane.Integration.Rules;

/// <summary>The netlink form and the text form of one ruleset, each loaded into a fresh namespace, list the same.</summary>
public sealed class RulesetForms
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Netlink_and_text_list_the_same(int seed)
    {
        var cluster = RandomCluster.Generate(seed, 12);
        var classes = Compiler.Compile(cluster);
        var ports = classes.Addresses.Select((a, i) => new PortAddress($"p{i / 2}", [2, 0, 0, 0, 1, (byte)i], a)).ToList();
        var ruleset = NodeRuleset.Build(NodeShape.Default, classes, ports, 1);
        Assert.Equal(ListedAfterNetlink(ruleset), ListedAfterText(ruleset));
        ThreadHome.AssertAllHome();
    }

    private static string ListedAfterNetlink(NodeRuleset ruleset)
    {
        using var netns = TestNetns.Create();
        using var socket = NetlinkSocket.Open(NetlinkProtocol.Netfilter, netns.Netns);
        var batch = new NftBatch(socket);
        try
        {
            NftNetlinkRenderer.Create(ref batch, ruleset.Tables, NftTableFlags.None);
            batch.Commit(socket, "load the ruleset");
        }
        finally
        {
            batch.Dispose();
        }
        return List(netns);
    }

    /// <summary>The listing without handles: they count in the order of creation, which is nft's business.</summary>
    private static string List(TestNetns netns) =>
        Regex.Replace(netns.Exec("nft", "-j list ruleset"), "\"handle\": [0-9]+,? ?", "").Replace("}, {", "},\n{", StringComparison.Ordinal);

    private static string ListedAfterText(NodeRuleset ruleset)
    {
        using var netns = TestNetns.Create();
        netns.Exec("nft", "-f -", NftTextRenderer.Render(ruleset.Tables));
        return List(netns);
    }
}
