using Dataplane.Linux.Nftables;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Rules.Nftables.Model;
using Dataplane.Rules.Nftables.Parts;
using Dataplane.Rules.Nftables.Sharing;
using Dataplane.Rules.Shape;
using static Dataplane.Rules.Nftables.Parts.RuleWriting;

namespace Dataplane.Rules.Nftables.Judging;

/// <summary>
/// Decides which flows pass. Packets that touch neither the bridge nor one of its ports are never judged. A connection
/// that was judged in this epoch passes by one lookup of its mark; everything else is judged once.
/// </summary>
internal static class JudgingPart
{
    private const string Related = "related", RelatedEpoch = "related_epoch", JudgeReply = "judge_reply",
        ToPods = "output_to_pods";

    public static RulesetPart Of(NodeShape node) =>
        new(TablePart.Empty, new TablePart(JudgingSets.All(), Chains(node)));

    private static NftChain[] Chains(NodeShape node)
    {
        var (forth, back) = (new JudgeChains(node, reply: false), new JudgeChains(node, reply: true));
        return
        [
            Forward(node, forth), RelatedChain(node), Input(node), .. Output(node), .. NodeTier(node),
            forth.FromOutside(), .. forth.Chains(),
            new NftChain(JudgeReply, null, back.JudgeReply()), .. back.Chains(),
            new NftChain(RelatedEpoch, null,
            [
                Rule(new MatchCtMarkIn(SetNames.EpochOk), Counter, Clear(NftRegister.Mark), Accept),
                // An ICMP error whose connection was not judged in this epoch is dropped: judging it would judge ICMP,
                // not the connection's protocol, and would then stamp the connection.
                Rule(DropFor(DropReason.StaleRelated)),
            ]),
            new NftChain(ChainNames.Stamp, null, Stamp()),
        ];
    }

    private static NftChain Forward(NodeShape node, JudgeChains judge) =>
        new("forward", new NftHookPoint("filter", NftHook.Forward, 0, NftVerdict.Accept),
        [
            Rule("not ours", NotFrom(node.Bridge), NotTo(node.Bridge), Accept),
            Rule(MatchCtState.Related, Goto(Related)),
            Rule("judged in this epoch: replies, one-way UDP too",
                new MatchCtMarkIn(SetNames.EpochOk), Counter, Clear(NftRegister.Mark), Accept),
            Rule(MatchCtState.Invalid, DropFor(DropReason.Invalid)),
            Rule(MatchCtState.Untracked, DropFor(DropReason.Untracked)),
            Rule(new MatchReply(), Goto(JudgeReply)),
            .. judge.Judge(),
        ]);

    /// <summary>
    /// Conntrack assigns an ICMP error to the connection that it quotes, whatever its sender: a router on the path may
    /// send one. Pods are not routers, so a pod may only report about its own connections. No router outside is on the
    /// path between two pods, so no sender outside may report about their connections.
    /// </summary>
    private static NftChain RelatedChain(NodeShape node) => new(Related, null,
    [
        BetweenPods(node, "4", NftField.Opener4, NftField.Answerer4),
        BetweenPods(node, "6", NftField.Opener6, NftField.Answerer6),
        Rule(NotFrom(node.Bridge), Goto(RelatedEpoch)),
        Rule(new MatchIn(SetNames.Self + "4", false, NftField.Source4, NftField.Opener4), Goto(RelatedEpoch)),
        Rule(new MatchIn(SetNames.Self + "4", false, NftField.Source4, NftField.Answerer4), Goto(RelatedEpoch)),
        Rule(new MatchIn(SetNames.Self + "6", false, NftField.Source6, NftField.Opener6), Goto(RelatedEpoch)),
        Rule(new MatchIn(SetNames.Self + "6", false, NftField.Source6, NftField.Answerer6), Goto(RelatedEpoch)),
        Rule(DropFor(DropReason.ForgedError)),
    ]);

    private static NftRule BetweenPods(NodeShape node, string family, NftField opener, NftField answerer) => Rule(
        NotFrom(node.Bridge), new SetFromMap(NftRegister.Mark, SetNames.Egress.Subject + family, opener),
        new SetFromMap(NftRegister.Mark, SetNames.Egress.Subject + family, answerer), DropFor(DropReason.ForgedError));

    /// <summary>
    /// Pod to node. A NetworkPolicy never denies it, an Admin or Baseline rule may. Identity and conntrack state are
    /// checked all the same.
    /// </summary>
    private static NftChain Input(NodeShape node) =>
        new("input", new NftHookPoint("filter", NftHook.Input, 0, NftVerdict.Accept),
        [
            Rule("not ours", NotFrom(node.Bridge), Accept),
            Rule(MatchCtState.Related, Goto(Related)),
            Rule(new MatchCtMarkIn(SetNames.EpochOk), Counter, Clear(NftRegister.Mark), Accept),
            Rule(new MatchMarkLacks(MarkBits.Known), DropFor(DropReason.Unidentified)),
            Rule(MatchCtState.Untracked, DropFor(DropReason.Untracked)),
            Rule(MatchCtState.Invalid, DropFor(DropReason.Invalid)),
            .. SharingPart.Input(node),
            Rule("no rule of a tier names a group", MatchPrefix.NotUnicast4, DropFor(DropReason.NotUnicast)),
            Rule(MatchPrefix.NotUnicast6, DropFor(DropReason.NotUnicast)),
            Rule(new MatchNotLocal(), DropFor(DropReason.NotUnicast)),
            .. JudgeChains.EgressSubject(NftField.Source4, NftField.Source6),
            Rule("the node's own connections", new MatchReply(), Goto(ChainNames.Stamp)),
            Rule(Clear(NftRegister.Priority)),
            .. FromAddress(NftRegister.Priority, SetNames.Egress.TierSubject, NftField.Source4, NftField.Source6),
            Rule(IsNotZero(NftRegister.Priority), Goto("node_tier")),
            Rule(Goto(ChainNames.Admitted(node))),
        ]);

    /// <summary>
    /// Elements name the addresses of the node that a Node object, or the layout, knows. Every other local address is
    /// the node's as well: what rules say of the node is asked, and what they say of the address as one outside. Either
    /// may deny it.
    /// </summary>
    private static NftChain[] NodeTier(NodeShape node) =>
    [
        new NftChain("node_tier", null,
        [
            Rule(Clear(NftRegister.Mark)),
            .. FromAddress(NftRegister.Mark, SetNames.Egress.TierPeer, NftField.Destination4, NftField.Destination6),
            Rule(IsNotZero(NftRegister.Mark), Jump("node_tier_lookup")),
            Rule(IsNotZero(NftRegister.Mark), Goto(ChainNames.Admitted(node))),
            Rule(new SetFromMap(NftRegister.Mark, SetNames.TierNode, NftField.Family), Jump("node_other_lookup")),
            Rule(Clear(NftRegister.Mark)),
            .. FromAddress(NftRegister.Mark, SetNames.Egress.TierOutside, NftField.Destination4,
                NftField.Destination6, Jump("node_tier_lookup")),
            .. JudgeChains.OutsideRealm(NftRegister.Mark),
            Rule(Jump("node_tier_lookup")),
            Rule(Goto(ChainNames.Admitted(node))),
        ]),
        TierLookup.Chain("node_tier_lookup", SetNames.Egress, NftField.DestinationPort, "node_tier_verdict"),
        new NftChain("node_tier_verdict", null,
        [
            Rule(new MatchRegister(NftRegister.Mark, (uint)TierVerdict.Deny), DropFor(DropReason.EgressTier)),
            Rule(Goto(ChainNames.Admitted(node))),
        ]),
        TierLookup.Chain("node_other_lookup", SetNames.Egress, NftField.DestinationPort, "node_other_verdict"),
        new NftChain("node_other_verdict", null,
        [
            Rule(new MatchRegister(NftRegister.Mark, (uint)TierVerdict.Deny), DropFor(DropReason.EgressTier)),
        ]),
    ];

    /// <summary>
    /// Node to pod: always allowed. A chain of type route looks the route up again after the mark is set. It comes
    /// behind the translation of destinations (-100), in which a Service becomes a pod; the output interface is still
    /// the one from before it. What has an address of the networks of Services here is no Service's: it would wait for
    /// an answer of the sink.
    /// </summary>
    private static NftChain[] Output(NodeShape node) =>
    [
        new NftChain("output", new NftHookPoint("route", NftHook.Output, -90, NftVerdict.Accept),
        [
            Rule("not ours", NotTo(node.Bridge), MatchTranslated.ToNoOther, Accept),
            Rule(IsPod4(NftField.Destination4), new SetConstant(NftRegister.Mark, MarkBits.Known), Goto(ToPods)),
            Rule(IsPod6(NftField.Destination6), new SetConstant(NftRegister.Mark, MarkBits.Known), Goto(ToPods)),
            Rule(NotTo(node.Bridge), Accept),
            .. node.ServiceNetworks.SelectMany(network => (NftRule[])
            [
                Rule("no such Service", new MatchNetwork(IsSource: false, network), new RejectTcp()),
                Rule(new MatchNetwork(IsSource: false, network), new RejectAsUnreachable()),
            ]),
            Rule(Goto(ToPods)),
        ]),
        new NftChain(ToPods, null,
        [
            .. SharingPart.Output(node),
            Rule("an answer must not vouch for the pod's connection", new MatchReply(), Accept),
            Rule(new SetFromMap(NftRegister.CtMark, SetNames.EpochNow, NftField.Family)),
        ]),
    ];
}
