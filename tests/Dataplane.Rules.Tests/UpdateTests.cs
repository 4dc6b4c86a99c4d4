using Dataplane.Linux.Netlink;
using Dataplane.Linux.Nftables;
using Dataplane.Policy;
using Dataplane.Policy.Compilation;
using Dataplane.Rules.Nftables;

namespace Dataplane.Rules.Tests;

/// <summary>What an update sends: elements that differ, and no others; what is deleted before what is added.</summary>
public sealed class UpdateTests
{
    private const ushort NewElements = 0x0a0c, DeleteElements = 0x0a0e; // NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_*SETELEM

    [Fact]
    public void Nothing_changed_nothing_sent() => Assert.Equal((0, ""), Update(HandMade.Ruleset(), HandMade.Ruleset()));

    [Fact]
    public void A_new_epoch_changes_its_three_elements() =>
        Assert.Equal((6, "-epoch_ok +epoch_ok -epoch_now +epoch_now"), Update(HandMade.Ruleset(), HandMade.Ruleset(epoch: 2)));

    [Fact]
    public void A_pod_that_leaves_takes_its_own_elements_along() => Assert.Equal(
        (8, "-identity6 -egress_subject6 -egress_subject_group6 -egress_peer6 -ingress_subject6 -ingress_peer6 -ingress_peer_group6 -self6"),
        Update(HandMade.Ruleset(), HandMade.Ruleset(ports: [HandMade.Ports[0]])));

    [Fact]
    public void And_brings_them_when_it_comes() => Assert.Equal(
        (8, "+identity6 +egress_subject6 +egress_subject_group6 +egress_peer6 +ingress_subject6 +ingress_peer6 +ingress_peer_group6 +self6"),
        Update(HandMade.Ruleset(ports: [HandMade.Ports[0]]), HandMade.Ruleset()));

    [Fact]
    public void One_rule_more_is_one_element_more()
    {
        var before = HandMade.Table;
        AllowEntry more = new(17, 18, new PortRange(FlowProtocol.Tcp, 443, 443));
        var after = before with { Egress = before.Egress with { Allowed = [.. before.Egress.Allowed, more] } };
        Assert.Equal((1, "+egress_port"), Update(HandMade.Ruleset(), HandMade.Ruleset(after)));
    }

    [Fact]
    public void A_range_that_ends_elsewhere_is_another_range()
    {
        var before = HandMade.Table;
        var longer = before.Ingress.Allowed[3] with { Ports = new PortRange(FlowProtocol.Udp, 8000, 8011) };
        var after = before with { Ingress = before.Ingress with { Allowed = [.. before.Ingress.Allowed.Take(3), longer] } };
        Assert.Equal((2, "-ingress_range +ingress_range"), Update(HandMade.Ruleset(), HandMade.Ruleset(after)));
    }

    [Fact]
    public void A_comment_is_nothing_the_kernel_goes_by()
    {
        var element = new NftElement([1], Comment: "a");
        Assert.Equal(element, element with { Comment = "b" });
        Assert.NotEqual(element, element with { Data = [1] });
        Assert.NotEqual(element, element with { Last = [2] });
    }

    private static (int Changes, string Messages) Update(NodeRuleset from, NodeRuleset to)
    {
        using var socket = NetlinkSocket.Open(NetlinkProtocol.Netfilter);
        var batch = new NftBatch(socket);
        try
        {
            var changes = NftNetlinkRenderer.Update(ref batch, from.Bridge, to.Bridge) + NftNetlinkRenderer.Update(ref batch, from.Inet, to.Inet);
            batch.Writer.End();
            return (changes, Messages(batch.Writer.Written));
        }
        finally
        {
            batch.Dispose();
        }
    }

    private static string Messages(ReadOnlySpan<byte> written)
    {
        var sent = new List<string>();
        var messages = new MessageReader(written);
        while (messages.Read())
        {
            if (messages.Type is not (NewElements or DeleteElements)) continue;
            var attributes = new AttributeReader(messages.Body[4..]);
            while (attributes.Read())
                if (attributes.Type == 2) sent.Add((messages.Type == NewElements ? "+" : "-") + attributes.String());
        }
        return string.Join(' ', sent);
    }
}
