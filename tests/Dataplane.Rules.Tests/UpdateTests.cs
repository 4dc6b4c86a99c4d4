using Dataplane.Linux.Netlink;
using Dataplane.Linux.Nftables;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Model;
using Dataplane.Rules.Changes;
using Dataplane.Rules.Nftables;
using Dataplane.Rules.Nftables.Model;
using Dataplane.Rules.Shape;

namespace Dataplane.Rules.Tests;

/// <summary>What an update sends: elements that differ, and no others; what is deleted before what is added.</summary>
public sealed class UpdateTests
{
    private const ushort NewElements = 0x0a0c, DeleteElements = 0x0a0e; // NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_*SETELEM

    private static readonly RulesetChange None =
        new(new([], []), RulesetChange.Nothing, RulesetChange.Nothing, null, null);

    [Fact]
    public void Nothing_changed_nothing_sent() => Assert.Equal("", Update(None));

    [Fact]
    public void A_new_epoch_changes_its_three_elements() =>
        Assert.Equal("-epoch_ok +epoch_ok -epoch_now +epoch_now",
            Update(None with { EpochBefore = 1, EpochAfter = 2 }, added: 3, removed: 3));

    [Fact]
    public void A_pod_that_leaves_takes_its_own_elements_along() => Assert.Equal(
        "-identity6 -self6 -egress_subject6 -ingress_subject6 -egress_subject_group6 -egress_peer6 -ingress_peer6 "
            + "-ingress_peer_group6",
        Update(None with { Addresses = new([], [new(HandMade.Ports[1], null)]) }, removed: 8));

    [Fact]
    public void And_brings_them_when_it_comes() => Assert.Equal(
        "+identity6 +self6 +egress_subject6 +ingress_subject6 +egress_subject_group6 +egress_peer6 +ingress_peer6 "
            + "+ingress_peer_group6",
        Update(None with { Addresses = new([], [new(null, HandMade.Ports[1])]) }, added: 8));

    /// <summary>The same pod read once more is another object: nothing that the kernel would see.</summary>
    [Fact]
    public void A_pod_that_is_the_same_but_for_its_object_changes_nothing()
    {
        var port = HandMade.Ports[1];
        var again = port with
        {
            Classes = port.Classes with { Pod = new PodEndpoint(port.Classes.Pod.Pod, null, port.Address) },
        };
        Assert.NotEqual(port, again);
        Assert.Equal("", Update(None with { Addresses = new([], [new(port, again)]) }));
    }

    [Fact]
    public void A_pod_in_another_class_changes_what_names_that_class()
    {
        var port = HandMade.Ports[0];
        var relabelled = port with
        {
            Classes = port.Classes with { Egress = port.Classes.Egress with { Peer = new(99) } },
        };
        Assert.Equal("-egress_peer4 +egress_peer4",
            Update(None with { Addresses = new([new(port, relabelled)], []) }, added: 1, removed: 1));
    }

    [Fact]
    public void A_pod_at_another_port_is_another_sender() => Assert.Equal("-identity4 +identity4",
        Update(None with { Addresses = new([new(HandMade.Ports[0], HandMade.Ports[0] with { Port = new(1008) })], []) },
            added: 1, removed: 1));

    [Fact]
    public void One_rule_more_is_one_element_more() => Assert.Equal("+egress_port",
        Update(None with
        {
            Added = Egress(new AllowEntry(new(17), new(18), new PortRange(FlowProtocol.Tcp, 443, 443))),
        }, added: 1));

    [Fact]
    public void A_range_that_ends_elsewhere_is_another_range() =>
        Assert.Equal("-egress_range +egress_range", Update(None with
        {
            Removed = Egress(new AllowEntry(new(17), new(18), new PortRange(FlowProtocol.Udp, 8000, 8010))),
            Added = Egress(new AllowEntry(new(17), new(18), new PortRange(FlowProtocol.Udp, 8000, 8011))),
        }, added: 1, removed: 1));

    [Fact]
    public void A_comment_is_nothing_the_kernel_goes_by()
    {
        var element = new NftElement([1], Comment: "a");
        Assert.Equal(element, element with { Comment = "b" });
        Assert.NotEqual(element, element with { Data = [1] });
        Assert.NotEqual(element, element with { Last = [2] });
    }

    private static ClassTable Egress(AllowEntry entry) =>
        RulesetChange.Nothing with { Egress = DirectionTable.Empty with { Allowed = [entry] } };

    private static string Update(RulesetChange change, int added = 0, int removed = 0)
    {
        using var socket = NetlinkSocket.Open(NetlinkProtocol.Netfilter);
        using var batch = new NftBatch(socket);
        var tables = new NodeTables(NodeShape.Default);
        var fills = new SetFill[tables.Tables.Sum(t => t.Sets.Count)];
        tables.Update(batch, change, fills);
        Assert.Equal((added - removed, added + removed), (fills.Sum(f => f.Count), batch.Elements));
        batch.Writer.End();
        return Messages(batch.Writer.Written);
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
