using Dataplane.Policy.Compilation.Tables;
using Dataplane.Rules.Nftables.Model;
using Dataplane.Rules.Nftables.Parts;
using Dataplane.Rules.Shape;
using static Dataplane.Rules.Nftables.Parts.RuleWriting;

namespace Dataplane.Rules.Nftables.Judging;

/// <summary>
/// The chains that judge a flow: egress of its source, then ingress of its destination. They exist twice: for packets
/// in the direction of the flow, and for replies, with source and destination exchanged (after a change of epoch the
/// next packet of a connection may travel in either direction). meta mark holds the flow's source class and meta
/// priority its destination class. Both are scratch registers that <c>stamp</c> clears.
/// </summary>
internal sealed partial class JudgeChains(NodeShape node, bool reply)
{
    /// <summary>The chain for flows whose source may send them.</summary>
    private const string Gate = "ingress_gate";

    private readonly string _suffix = reply ? "_reply" : "";
    private readonly string _stamp = reply ? ChainNames.Stamp : ChainNames.Admitted(node);
    private readonly NftField _source4 = reply ? NftField.Destination4 : NftField.Source4;
    private readonly NftField _source6 = reply ? NftField.Destination6 : NftField.Source6;
    private readonly NftField _destination4 = reply ? NftField.Source4 : NftField.Destination4;
    private readonly NftField _destination6 = reply ? NftField.Source6 : NftField.Destination6;
    private readonly NftField _port = reply ? NftField.SourcePort : NftField.DestinationPort;

    /// <summary>
    /// The side of a flow that a rule has allowed, by the names of its chain and of the chain that it leads to; null
    /// for other rules.
    /// </summary>
    public static AllowedSide? SideOf(string chain, string target)
    {
        if (chain.StartsWith(SetNames.Egress.Direction, StringComparison.Ordinal)
            && target.StartsWith(Gate, StringComparison.Ordinal))
        {
            return AllowedSide.Leaving;
        }
        return chain.StartsWith(SetNames.Ingress.Direction, StringComparison.Ordinal)
            && target is ChainNames.Stamp or ChainNames.Admit ? AllowedSide.Entering : null;
    }

    public IEnumerable<NftChain> Chains() =>
    [
        .. EgressTier(),
        Egress(), Peers(SetNames.Egress), Lookup(SetNames.Egress, Name(Gate)),
        IngressGate(),
        .. IngressTier(),
        Ingress(), Peers(SetNames.Ingress), Lookup(SetNames.Ingress, _stamp),
    ];

    private string Name(string chain) => chain + _suffix;

    private NftStatement SourceIsPod => reply ? To(node.Bridge) : From(node.Bridge);
    private NftStatement SourceIsOutside => reply ? NotTo(node.Bridge) : NotFrom(node.Bridge);
    private NftStatement DestinationIsPod => reply ? From(node.Bridge) : To(node.Bridge);
    private NftStatement DestinationIsOutside => reply ? NotFrom(node.Bridge) : NotTo(node.Bridge);

    /// <summary>
    /// The mark says that the bridge has identified the sender, and no more: the packet may have waited for its
    /// fragments since then. So what is true of its address now is looked up here.
    /// </summary>
    public NftRule[] Judge() =>
    [
        Rule(SourceIsOutside, Goto("from_outside")),
        Rule(new MatchMarkLacks(MarkBits.Known), DropFor(DropReason.Unidentified)),
        .. EgressSubject(_source4, _source6),
        .. EgressTierSubject(),
        .. EgressIsolation(),
    ];

    public NftChain FromOutside() => new("from_outside", null,
    [
        Rule(new MatchFamily(NftProtocol.IPv6), new MatchNoRouteBack(), DropFor(DropReason.NoRouteBack)),
        Rule(Goto(Name(Gate))),
    ]);

    /// <summary>The bridge has identified the sender of the reply; the flow's source is at the other end.</summary>
    public NftRule[] JudgeReply() =>
    [
        Rule(SourceIsOutside, Goto(Name(Gate))),
        .. EgressSubject(_source4, _source6),
        .. EgressTierSubject(),
        .. EgressIsolation(),
    ];

    private NftChain Egress() => new(Name("egress"), null,
    [
        Rule(Jump(Name("egress_peers"))),
        .. FromAddress(NftRegister.Mark, SetNames.Egress.SubjectGroup, _source4, _source6, Jump(Name("egress_peers"))),
        .. ToItself(),
        Rule(DropFor(DropReason.Egress)),
    ]);

    private NftChain IngressGate() => new(Name(Gate), null,
    [
        Rule(DestinationIsOutside, Goto(_stamp)),
        .. IngressSubject(),
        .. FromAddress(NftRegister.Mark, SetNames.Ingress.TierSubject, _destination4, _destination6,
            Goto(Name("ingress_tier"))),
        .. IngressIsolation(),
    ]);

    /// <summary>
    /// Sets the mark to the egress subject class of an address. Without an element there is no such pod (any more).
    /// </summary>
    public static NftRule[] EgressSubject(NftField four, NftField six) =>
        Subject(NftRegister.Mark, SetNames.Egress, four, six);

    private NftRule[] IngressSubject() =>
        Subject(NftRegister.Priority, SetNames.Ingress, _destination4, _destination6);

    private static NftRule[] Subject(NftRegister register, DirectionSets sets, NftField four, NftField six) =>
    [
        Rule(Clear(register)),
        .. FromAddress(register, sets.Subject, four, six),
        Rule(IsZero(register), DropFor(DropReason.NoPod)),
    ];

    private NftRule[] EgressTierSubject() =>
        FromAddress(NftRegister.Priority, SetNames.Egress.TierSubject, _source4, _source6, Goto(Name("egress_tier")));

    private NftRule[] EgressIsolation() =>
    [
        Rule(new MatchIn(SetNames.Egress.Isolated, false, NftField.Mark), Goto(Name("egress"))),
        Rule(Goto(Name(Gate))),
    ];

    private NftRule[] IngressIsolation() =>
    [
        Rule(new MatchIn(SetNames.Ingress.Isolated, false, NftField.Priority), Goto(Name("ingress"))),
        Rule(Goto(_stamp)),
    ];

    private NftChain Ingress() => new(Name("ingress"), null,
    [
        Rule(Jump(Name("ingress_peers"))),
        .. FromAddress(NftRegister.Priority, SetNames.Ingress.SubjectGroup, _destination4, _destination6,
            Jump(Name("ingress_peers"))),
        .. ToItself(),
        Rule(DropFor(DropReason.Ingress)),
    ]);

    /// <summary>
    /// Looks the pair up with the peer's exact class, its group, and its realm. Returns when none of them allows the
    /// flow.
    /// </summary>
    private NftChain Peers(DirectionSets sets)
    {
        var isEgress = sets == SetNames.Egress;
        var register = isEgress ? NftRegister.Priority : NftRegister.Mark;
        var (four, six) = isEgress ? (_destination4, _destination6) : (_source4, _source6);
        var (isPod, isOutside) = isEgress ? (DestinationIsPod, DestinationIsOutside) : (SourceIsPod, SourceIsOutside);
        var lookup = Name($"{sets.Direction}_lookup");
        return new NftChain(Name($"{sets.Direction}_peers"), null,
        [
            // A peer without an exact class has no exceptions.
            Rule(Clear(register)),
            .. Level(register, sets.Peer, isOutside, sets.Outside, four, six, lookup),
            Rule("what a wide rule leaves out",
                new MatchIn(sets.Except, false, NftField.Mark, NftField.Priority), Return),
            .. Level(register, sets.PeerGroup, isOutside, sets.OutsideGroup, four, six, lookup),
            .. Realms(register, isPod, isOutside),
            Rule(Goto(lookup)),
        ]);
    }

    /// <summary>
    /// One level: the peer's class, a pod's from one map and an outside address's from another, and the lookup of the
    /// pair. Nothing outside can use a pod's address (see <c>outside</c>), so the first map needs no match of the
    /// interface.
    /// </summary>
    private static NftRule[] Level(NftRegister register, string pods, NftStatement isOutside, string outside,
        NftField four, NftField six, string lookup) =>
    [
        .. FromAddress(register, pods, four, six, Jump(lookup)),
        Rule(isOutside, new SetFromMap(register, outside + "4", four), Jump(lookup)),
        Rule(isOutside, new SetFromMap(register, outside + "6", six), Jump(lookup)),
    ];

    /// <summary>A peer's class of a tier: a pod's from one map, an outside address's from another.</summary>
    private static NftRule[] PeerClass(NftRegister register, NftStatement isPod, string pods,
        NftStatement isOutside, string outside, NftField four, NftField six) =>
    [
        Rule(isPod, new SetFromMap(register, pods + "4", four)),
        Rule(isPod, new SetFromMap(register, pods + "6", six)),
        Rule(isOutside, new SetFromMap(register, outside + "4", four)),
        Rule(isOutside, new SetFromMap(register, outside + "6", six)),
    ];

    private static NftRule[] Realms(NftRegister register, NftStatement isPod, NftStatement isOutside) =>
    [
        Rule(isPod, new MatchFamily(NftProtocol.IPv4), new SetConstant(register, Realm.PodsIPv4.Value)),
        Rule(isPod, new MatchFamily(NftProtocol.IPv6), new SetConstant(register, Realm.PodsIPv6.Value)),
        .. OutsideRealm(register, isOutside),
    ];

    /// <summary>Sets the register to the realm of all addresses outside, of the packet's family.</summary>
    public static NftRule[] OutsideRealm(NftRegister register, params NftStatement[] where) =>
    [
        Rule([.. where, new MatchFamily(NftProtocol.IPv4), new SetConstant(register, Realm.OutsideIPv4.Value)]),
        Rule([.. where, new MatchFamily(NftProtocol.IPv6), new SetConstant(register, Realm.OutsideIPv6.Value)]),
    ];

    /// <summary>
    /// One pair of classes in the sets of the four forms. The interval set comes last: it is the slowest.
    /// </summary>
    private NftChain Lookup(DirectionSets sets, string allowed) => new(Name($"{sets.Direction}_lookup"), null,
    [
        Rule(new MatchIn(sets.Port, false, NftField.Mark, NftField.Priority, NftField.Protocol, _port), Goto(allowed)),
        Rule(new MatchIn(sets.Any, false, NftField.Mark, NftField.Priority), Goto(allowed)),
        Rule(new MatchIn(sets.Protocol, false, NftField.Mark, NftField.Priority, NftField.Protocol), Goto(allowed)),
        Rule(new MatchIn(sets.Range, true, NftField.Mark, NftField.Priority, NftField.Protocol, _port), Goto(allowed)),
    ]);

    /// <summary>A pod cannot deny traffic to itself. Matched last, because it is rare.</summary>
    private NftRule[] ToItself() =>
    [
        Rule(new MatchIn(SetNames.Self + "4", false, NftField.Source4, NftField.Destination4), Goto(_stamp)),
        Rule(new MatchIn(SetNames.Self + "6", false, NftField.Source6, NftField.Destination6), Goto(_stamp)),
    ];
}
