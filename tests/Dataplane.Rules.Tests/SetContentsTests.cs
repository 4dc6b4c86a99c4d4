using Dataplane.Rules.Nftables;
using Dataplane.Rules.Nftables.Render;

namespace Dataplane.Rules.Tests;

/// <summary>Elements as nft prints them, for a class table that is known number by number.</summary>
public sealed class SetContentsTests
{
    private static readonly NodeRuleset Ruleset = HandMade.Ruleset();

    [Theory]
    [InlineData("identity4", "1001 . 02:00:01:00:00:00 . 10.244.0.2 comment \"x/a\"")]
    [InlineData("identity6", "1002 . 02:00:01:00:00:01 . fd00:10:244::3 comment \"x/b\"")]
    [InlineData("self4", "10.244.0.2 . 10.244.0.2")]
    [InlineData("self6", "fd00:10:244::3 . fd00:10:244::3")]
    [InlineData("epoch_ok", "0x80000001")]
    [InlineData("epoch_now", "ipv4 : 0x80000001", "ipv6 : 0x80000001")]
    // Egress: subjects are marks, peers class ids.
    [InlineData("egress_subject4", "10.244.0.2 : 0x00000010")]
    [InlineData("egress_subject6", "fd00:10:244::3 : 0x00000011")]
    [InlineData("egress_subject_group4")]
    [InlineData("egress_subject_group6", "fd00:10:244::3 : 0x00000014")]
    [InlineData("egress_peer4", "10.244.0.2 : 0:10")]
    [InlineData("egress_peer_group4", "10.244.0.2 : 0:13")]
    [InlineData("egress_peer_group6")]
    [InlineData("egress_outside4", "10.0.0.0-10.255.255.255 : 0:15")]
    [InlineData("egress_outside6", "ff00::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff : 0:16")]
    [InlineData("egress_outside_group4", "0.0.0.0-127.255.255.255 : 0:17")]
    [InlineData("egress_outside_group6")]
    [InlineData("egress_isolated", "0x00000010", "0x00000011")]
    [InlineData("egress_except", "0x00000010 . 0:15")]
    [InlineData("egress_any", "0x00000010 . 0:1")]
    [InlineData("egress_protocol", "0x00000010 . 0:12 . 132")]
    [InlineData("egress_port", "0x00000010 . 0:12 . 6 . 80")]
    [InlineData("egress_range", "0x00000011 . 0:12 . 17 . 8000-8010")]
    // Ingress: the other way round.
    [InlineData("ingress_subject4", "10.244.0.2 : 0:11")]
    [InlineData("ingress_subject_group4", "10.244.0.2 : 0:14")]
    [InlineData("ingress_peer4")]
    [InlineData("ingress_peer6", "fd00:10:244::3 : 0x00000012")]
    [InlineData("ingress_peer_group6", "fd00:10:244::3 : 0x00000013")]
    [InlineData("ingress_outside4", "10.0.0.0-10.255.255.255 : 0x00000015")]
    [InlineData("ingress_isolated", "0:10", "0:11")]
    [InlineData("ingress_except", "0x00000015 . 0:10")]
    [InlineData("ingress_any", "0x00000001 . 0:10")]
    [InlineData("ingress_protocol", "0x00000012 . 0:10 . 132")]
    [InlineData("ingress_port", "0x00000012 . 0:10 . 6 . 80")]
    [InlineData("ingress_range", "0x00000012 . 0:11 . 17 . 8000-8010")]
    public void Holds(string set, params string[] elements) => Assert.Equal(elements, Elements(set));

    /// <summary>An address that is not attached has no elements, so it is closed; its classes stay.</summary>
    [Fact]
    public void A_pod_without_a_port_is_nowhere()
    {
        var ruleset = HandMade.Ruleset(ports: [HandMade.Ports[0]]);
        var text = NftTextRenderer.Render(ruleset.Tables);
        Assert.DoesNotContain("fd00:10:244::3", text, StringComparison.Ordinal);
        Assert.Contains("10.244.0.2", text, StringComparison.Ordinal);
        Assert.Equal(["0x00000010", "0x00000011"], Elements("egress_isolated", ruleset));
    }

    private static string[] Elements(string set, NodeRuleset? ruleset = null)
    {
        var table = (ruleset ?? Ruleset).Tables.Single(t => t.Sets.Any(s => s.Name == set));
        var text = NftTextRenderer.Render([table with { Chains = [], Sets = [table.Sets.Single(s => s.Name == set)] }]);
        return [.. text.Split('\n').SkipWhile(l => !l.Contains("elements", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(l => !l.Contains('}', StringComparison.Ordinal)).Select(l => l.Trim().TrimEnd(','))];
    }
}
