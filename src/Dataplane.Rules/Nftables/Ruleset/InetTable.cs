using Dataplane.Linux.Nftables;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Rules.Nftables.Model;
using static Dataplane.Rules.Nftables.Ruleset.RuleWriting;

namespace Dataplane.Rules.Nftables.Ruleset;

/// <summary>
/// Table <c>inet dataplane</c>: who may talk to whom. Packets that touch neither the bridge nor an interface of ours are never
/// judged. A connection judged in this epoch passes by one lookup of its mark; everything else is judged once.
/// </summary>
internal static class InetTable
{
    public static IReadOnlyList<NftChain> Chains(NodeShape node) =>
    [
        Outside(node), .. SharedNode.Chains(node), Forward(node), Related(node), Input(node), Output(node), .. NodeTier(node),
        new JudgeChains(node, reply: false).FromOutside(), .. new JudgeChains(node, reply: false).Chains(),
        new NftChain("judge_reply", null, new JudgeChains(node, reply: true).JudgeReply()),
        .. new JudgeChains(node, reply: true).Chains(),
        new NftChain("related_epoch", null,
        [
            Rule(new MatchCtMarkIn(SetNames.EpochOk), Counter, Clear(NftRegister.Mark), Accept),
            // It must not vouch for its connection: that is of another protocol.
            Rule(DropFor(DropReason.StaleRelated)),
        ]),
        new NftChain("stamp", null, Stamp),
        .. Limits.InetChains(node),
    ];

    /// <summary>The end of every judgement that allows.</summary>
    public static NftRule[] Stamp =>
    [
        Rule(new SetFromMap(NftRegister.CtMark, SetNames.EpochNow, NftField.Family)),
        Rule(Clear(NftRegister.Priority)),
        Rule(Counter, Clear(NftRegister.Mark), Accept),
    ];

    /// <summary>
    /// The bridge hands frames to 01:80:c2:00:00:0x to the port itself, past its own prerouting hook: hence the group. Nobody
    /// outside may use a pod's address; before defragmentation (-400), or a forged fragment could complete a pod's packet, and
    /// before conntrack, or a forged packet could join a pod's connection. The mark leads packets for programmed pods to the
    /// routing table that knows pods: without these rules there is no way to a pod.
    /// </summary>
    private static NftChain Outside(NodeShape node) => new("outside", new NftHookPoint("filter", NftHook.Prerouting, -450, NftVerdict.Accept),
    [
        Rule("identified by the bridge, and judged here: now it may find a route",
            From(node.Bridge), new MatchMarkHas(MarkBits.Identified), new FlipMarkBits(MarkBits.Identified | MarkBits.Known), Accept),
        Rule(From(node.Bridge), Accept),
        Rule(From("lo"), Accept),
        Rule(new MatchGroup(true, node.PortGroup), DropFor(DropReason.PortDirect)),
        Rule(new SetFromMap(NftRegister.Mark, SetNames.Egress.Subject + "4", NftField.Source4), DropFor(DropReason.SpoofOutside)),
        Rule(new SetFromMap(NftRegister.Mark, SetNames.Egress.Subject + "6", NftField.Source6), DropFor(DropReason.SpoofOutside)),
        .. FromAddress(NftRegister.Mark, SetNames.Egress.Subject, NftField.Destination4, NftField.Destination6),
    ]);

    private static NftChain Forward(NodeShape node) => new("forward", new NftHookPoint("filter", NftHook.Forward, 0, NftVerdict.Accept),
    [
        Rule("not ours", NotFrom(node.Bridge), NotTo(node.Bridge), Accept),
        Rule(MatchCtState.Related, Goto("related")),
        Rule("judged in this epoch: replies, one-way UDP too", new MatchCtMarkIn(SetNames.EpochOk), Counter, Clear(NftRegister.Mark), Accept),
        Rule(MatchCtState.Invalid, DropFor(DropReason.Invalid)),
        Rule(MatchCtState.Untracked, DropFor(DropReason.Untracked)),
        Rule(new MatchReply(), Goto("judge_reply")),
        .. new JudgeChains(node, reply: false).Judge(),
    ]);

    /// <summary>
    /// Conntrack takes an ICMP error for part of the connection that it quotes, whoever sends it: a router on the way may. Pods are
    /// no routers, so one must be an end of the connection. And no router outside is on the way between two pods.
    /// </summary>
    private static NftChain Related(NodeShape node) => new("related", null,
    [
        Rule(NotFrom(node.Bridge), new SetFromMap(NftRegister.Mark, SetNames.Egress.Subject + "4", NftField.Opener4),
            new SetFromMap(NftRegister.Mark, SetNames.Egress.Subject + "4", NftField.Answerer4), DropFor(DropReason.ForgedError)),
        Rule(NotFrom(node.Bridge), new SetFromMap(NftRegister.Mark, SetNames.Egress.Subject + "6", NftField.Opener6),
            new SetFromMap(NftRegister.Mark, SetNames.Egress.Subject + "6", NftField.Answerer6), DropFor(DropReason.ForgedError)),
        Rule(NotFrom(node.Bridge), Goto("related_epoch")),
        Rule(new MatchIn(SetNames.Self + "4", false, NftField.Source4, NftField.Opener4), Goto("related_epoch")),
        Rule(new MatchIn(SetNames.Self + "4", false, NftField.Source4, NftField.Answerer4), Goto("related_epoch")),
        Rule(new MatchIn(SetNames.Self + "6", false, NftField.Source6, NftField.Opener6), Goto("related_epoch")),
        Rule(new MatchIn(SetNames.Self + "6", false, NftField.Source6, NftField.Answerer6), Goto("related_epoch")),
        Rule(DropFor(DropReason.ForgedError)),
    ]);

    /// <summary>
    /// Pod to node. NetworkPolicy never blocks it, an Admin or Baseline rule may; identity and neighbour discovery are checked
    /// all the same.
    /// </summary>
    private static NftChain Input(NodeShape node) => new("input", new NftHookPoint("filter", NftHook.Input, 0, NftVerdict.Accept),
    [
        Rule("not ours", NotFrom(node.Bridge), Accept),
        Rule(MatchCtState.Related, Goto("related")),
        Rule(new MatchCtMarkIn(SetNames.EpochOk), Counter, Clear(NftRegister.Mark), Accept),
        Rule(new MatchMarkLacks(MarkBits.Known), DropFor(DropReason.Unidentified)),
        Rule(MatchCtState.Untracked, DropFor(DropReason.Untracked)),
        Rule(MatchCtState.Invalid, DropFor(DropReason.Invalid)),
        .. SharedNode.Input(node),
        Rule("no rule of a tier names a group", MatchPrefix.NotUnicast4, DropFor(DropReason.NotUnicast)),
        Rule(MatchPrefix.NotUnicast6, DropFor(DropReason.NotUnicast)),
        Rule("the node's own connections", new MatchReply(), Goto("stamp")),
        Rule(Clear(NftRegister.Priority)),
        .. FromAddress(NftRegister.Priority, SetNames.Egress.TierSubject, NftField.Source4, NftField.Source6),
        Rule(IsNotZero(NftRegister.Priority), Goto("node_tier")),
        Rule(Goto(Limits.Admitted(node))),
    ]);

    private static NftChain[] NodeTier(NodeShape node) =>
    [
        new NftChain("node_tier", null,
        [
            Rule(Clear(NftRegister.Mark)),
            .. FromAddress(NftRegister.Mark, SetNames.Egress.TierPeer, NftField.Destination4, NftField.Destination6),
            Rule(IsNotZero(NftRegister.Mark), Jump("node_tier_lookup")),
            Rule(Goto(Limits.Admitted(node))),
        ]),
        TierLookup.Chain("node_tier_lookup", SetNames.Egress, NftField.DestinationPort, "node_tier_verdict"),
        new NftChain("node_tier_verdict", null,
        [
            Rule(new MatchRegister(NftRegister.Mark, (uint)TierVerdict.Deny), DropFor(DropReason.EgressTier)),
            Rule(Goto(Limits.Admitted(node))),
        ]),
    ];

    /// <summary>Node to pod: always allowed. A chain of type route looks the route up again once the mark is set.</summary>
    private static NftChain Output(NodeShape node) => new("output", new NftHookPoint("route", NftHook.Output, -150, NftVerdict.Accept),
    [
        Rule(NotTo(node.Bridge), Accept),
        .. SharedNode.Output(node),
        .. FromAddress(NftRegister.Mark, SetNames.Egress.Subject, NftField.Destination4, NftField.Destination6),
        Rule("an answer must not vouch for the pod's connection", new MatchReply(), Accept),
        Rule(new SetFromMap(NftRegister.CtMark, SetNames.EpochNow, NftField.Family)),
    ]);
}
