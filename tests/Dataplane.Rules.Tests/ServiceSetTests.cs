using System.Net;
using System.Net.Sockets;
using Dataplane.Rules.Changes;
using Dataplane.Rules.Nftables;
using Dataplane.Rules.Nftables.Render;
using Dataplane.Rules.Shape;
using Dataplane.Services.Tables;
using Dataplane.Testing.Clusters;

namespace Dataplane.Rules.Tests;

/// <summary>The elements of Services as nft prints them, and the rules that their table asks for.</summary>
public sealed class ServiceSetTests
{
    private const AddressFamily Four = AddressFamily.InterNetwork, Six = AddressFamily.InterNetworkV6;

    private static readonly ServiceTable Table = new ServiceLab()
        .Pool(Four, ["10.244.0.4:8080", "10.244.0.5:8080"], affinity: 10_800)
        .At("TCP 80 10.96.0.10").At("TCP 30080", FrontendSide.Inside).Address("10.96.0.10")
        .Pool(Four, ["10.244.0.4:8080"], sources: ["198.51.100.0/24"]).At("TCP 30080", FrontendSide.Outside)
        .Pool(Six, ["[fd00:10:244::4]:53"], affinity: 10).At("UDP 53 fd00:10:96::a").Address("fd00:10:96::a")
        .Pool(Six, [], drops: true, sources: ["2001:db8::/33"]).At("SCTP 9 2001:db8::1", FrontendSide.Outside)
        .Pool(Four, []).At("TCP 81 10.96.0.10").Table;

    [Theory]
    [InlineData("frontend4", "10.96.0.10 . 6 . 80 : 0x00000001", "10.96.0.10 . 6 . 81 : 0x00000005")]
    [InlineData("frontend_outside4", "10.96.0.10 . 6 . 80 : 0x00000001", "10.96.0.10 . 6 . 81 : 0x00000005")]
    [InlineData("frontend6", "fd00:10:96::a . 17 . 53 : 0x00000003")]
    [InlineData("frontend_outside6", "fd00:10:96::a . 17 . 53 : 0x00000003", "2001:db8::1 . 132 . 9 : 0x00000004")]
    [InlineData("nodeport4", "6 . 30080 : 0x00000001")]
    [InlineData("nodeport_outside4", "6 . 30080 : 0x00000002")]
    [InlineData("nodeport6")]
    [InlineData("node_address4", "192.0.2.1")]
    [InlineData("node_address6", "2001:db8::2")]
    [InlineData("service_address4", "10.96.0.10")]
    [InlineData("service_address6", "fd00:10:96::a")]
    // Size, 0x100 restricted, seconds from bit 12 on; 0xff drops.
    [InlineData("pool", "0x00000001 : 2a3:2", "0x00000002 : 0:101", "0x00000003 : 0:a001", "0x00000004 : 0:1ff",
        "0x00000005 : 0:0")]
    [InlineData("slot", "0x00000001 . 0:0 : 0:64", "0x00000001 . 0:1 : 0:65", "0x00000002 . 0:0 : 0:64",
        "0x00000003 . 0:0 : 0:164")]
    // Of pools with affinity.
    [InlineData("member", "0x00000001 . 0:64", "0x00000001 . 0:65", "0x00000003 . 0:164")]
    [InlineData("backend4", "0:64 : 10.244.0.4 . 8080", "0:65 : 10.244.0.5 . 8080")]
    [InlineData("backend6", "0:164 : fd00:10:244::4 . 53")]
    [InlineData("service_source4", "0x00000002 . 198.51.100.0-198.51.100.255")]
    [InlineData("service_source6", "0x00000004 . 2001:db8::-2001:db8:7fff:ffff:ffff:ffff:ffff:ffff")]
    public void Holds(string set, params string[] elements) => Assert.Equal(elements, Elements(set));

    /// <summary>Each size up to 32 has its own rule, a larger one that of the next power of two.</summary>
    [Theory]
    [InlineData(0, "0:0")]
    [InlineData(1, "0:1")]
    [InlineData(32, "0:20")]
    [InlineData(33, "0:26")]
    [InlineData(64, "0:26")]
    [InlineData(65, "0:27")]
    [InlineData(1024, "0:2a")]
    [InlineData(1025, "0:2b")]
    [InlineData(5000, "0:2d")]
    [InlineData(150_000, "0:32")]
    public void A_pool_is_chosen_from_by_a_rule_that_is_there(int size, string number)
    {
        var table = ServiceTable.Empty with { Pools = [new(new(7), Four, size, null, false, false)] };
        var ruleset = Ruleset(table with { Refused = [IPAddress.Parse("10.96.0.1")] });
        Assert.Equal([$"0x00000007 : {number}"], Elements("pool", ruleset));
        Assert.Contains(Elements("spread", ruleset), e => e.StartsWith(number + " : goto ", StringComparison.Ordinal));
    }

    /// <summary>A plain node pays nothing, and only what is not foreseen makes other rules.</summary>
    [Fact]
    public void Rules_follow_the_table_as_rarely_as_can_be()
    {
        Assert.Same(ServiceShape.None, ServiceShape.Of(ServiceTable.Empty));
        Assert.DoesNotContain(Ruleset(ServiceTable.Empty).Inet.Chains, c => c.Hook?.Type == "nat");
        var shape = ServiceShape.Of(Table);
        Assert.Equal([10, 10_800], shape.AffinitySeconds);
        Assert.Same(shape, shape.With(ServiceTable.Empty));
        Assert.Same(shape, shape.With(Table));
        var more = ServiceTable.Empty with { Pools = [new(new(9), Four, 1, 600, false, false)] };
        Assert.Equal([10, 600, 10_800], shape.With(more).AffinitySeconds);
    }

    private static NodeRuleset Ruleset(ServiceTable table) => NodeRuleset.Build(NodeShape.Default,
        RulesetChange.Whole(HandMade.Table, HandMade.Ports, 1) with
        {
            Services = new ServiceChange(ServiceTable.Empty, table),
            NodeAddresses = new([], [IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::2")]),
        });

    private static string[] Elements(string set, NodeRuleset? of = null)
    {
        var table = (of ?? Ruleset(Table)).Inet;
        var text = NftTextRenderer.Render([table with { Chains = [], Sets = [table.Sets.Single(s => s.Name == set)] }]);
        return [.. text.Split('\n').SkipWhile(l => !l.Contains("elements", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(l => !l.Contains('}', StringComparison.Ordinal)).Select(l => l.Trim().TrimEnd(','))];
    }
}
