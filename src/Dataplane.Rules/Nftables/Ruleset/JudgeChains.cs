using Dataplane.Policy.Compilation.Tables;
using Dataplane.Rules.Nftables.Model;
using static Dataplane.Rules.Nftables.Ruleset.RuleWriting;

namespace Dataplane.Rules.Nftables.Ruleset;

/// <summary>
/// The chains that judge a flow: egress of its source, then ingress of its destination. Written twice, for packets that travel
/// with the flow and for replies, which ask the same questions with source and destination exchanged (a connection from an
/// earlier epoch may speak first in either direction).
/// meta mark carries the flow's source class, meta priority its destination class: scratch registers, cleared by <c>stamp</c>.
/// </summary>
internal sealed partial class JudgeChains(NodeShape node, bool reply)
{
    private readonly string _suffix = reply ? "_reply" : "";
    private readonly string _stamp = reply ? "stamp" : Limits.Admitted(node);
    private readonly NftField _source4 = reply ? NftField.Destination4 : NftField.Source4;
    private readonly NftField _source6 = reply ? NftField.Destination6 : NftField.Source6;
    private readonly NftField _destination4 = reply ? NftField.Source4 : NftField.Destination4;
    private readonly NftField _destination6 = reply ? NftField.Source6 : NftField.Destination6;
    private readonly NftField _port = reply ? NftField.SourcePort : NftField.DestinationPort;

    public IEnumerable<NftChain> Chains() =>
    [
        .. EgressTier(),
        Egress(), Peers(SetNames.Egress), Lookup(SetNames.Egress, Name("ingress_gate")),
        IngressGate(),
        .. IngressTier(),
        Ingress(), Peers(SetNames.Ingress), Lookup(SetNames.Ingress, _stamp),
    ];

    private string Name(string chain) => chain + _suffix;

    private NftStatement SourceIsPod => reply ? To(node.Bridge) : From(node.Bridge);
    private NftStatement SourceIsOutside => reply ? NotTo(node.Bridge) : NotFrom(node.Bridge);
    private NftStatement DestinationIsPod => reply ? From(node.Bridge) : To(node.Bridge);
    private NftStatement DestinationIsOutside => reply ? NotFrom(node.Bridge) : NotTo(node.Bridge);

    /// <summary>The mark is the identity that the bridge found: the egress subject of the source.</summary>
    public NftRule[] Judge() =>
    [
        Rule(SourceIsOutside, Goto("from_outside")),
        Rule(new MatchMarkLacks(MarkBits.Known), DropFor(DropReason.Unidentified)),
        .. EgressTierSubject(),
        .. EgressIsolation(),
    ];

    public NftChain FromOutside() => new("from_outside", null,
    [
        Rule(new MatchFamily(NftProtocol.IPv6), new MatchNoRouteBack(), DropFor(DropReason.NoRouteBack)),
        Rule(Goto(Name("ingress_gate"))),
    ]);

    /// <summary>The bridge identified whoever replies; the flow's source is at the other end.</summary>
    public NftRule[] JudgeReply() =>
    [
        Rule(SourceIsOutside, Goto(Name("ingress_gate"))),
        Rule(Clear(NftRegister.Mark)),
        .. FromAddress(NftRegister.Mark, SetNames.Egress.Subject, _source4, _source6),
        Rule(IsZero(NftRegister.Mark), DropFor(DropReason.NoPod)),
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

    private NftChain IngressGate() => new(Name("ingress_gate"), null,
    [
        Rule(DestinationIsOutside, Goto(_stamp)),
        Rule(Clear(NftRegister.Priority)),
        .. FromAddress(NftRegister.Priority, SetNames.Ingress.Subject, _destination4, _destination6),
        Rule(IsZero(NftRegister.Priority), DropFor(DropReason.NoPod)),
        .. FromAddress(NftRegister.Mark, SetNames.Ingress.TierSubject, _destination4, _destination6, Goto(Name("ingress_tier"))),
        .. IngressIsolation(),
    ]);

    private NftRule[] EgressTierSubject() => FromAddress(NftRegister.Priority, SetNames.Egress.TierSubject, _source4, _source6, Goto(Name("egress_tier")));

    private NftRule[] EgressIsolation() =>
    [
        Rule(new MatchIn(SetNames.Egress.Isolated, false, NftField.Mark), Goto(Name("egress"))),
        Rule(Goto(Name("ingress_gate"))),
    ];

    private NftRule[] IngressIsolation() =>
    [
        Rule(new MatchIn(SetNames.Ingress.Isolated, false, NftField.Priority), Goto(Name("ingress"))),
        Rule(Goto(_stamp)),
    ];

    private NftChain Ingress() => new(Name("ingress"), null,
    [
        Rule(Jump(Name("ingress_peers"))),
        .. FromAddress(NftRegister.Priority, SetNames.Ingress.SubjectGroup, _destination4, _destination6, Jump(Name("ingress_peers"))),
        .. ToItself(),
        Rule(DropFor(DropReason.Ingress)),
    ]);

    /// <summary>The peer on three levels: its exact class, its group, everybody of its kind. Returns when none allows the flow.</summary>
    private NftChain Peers(DirectionSets sets)
    {
        var isEgress = sets == SetNames.Egress;
        var register = isEgress ? NftRegister.Priority : NftRegister.Mark;
        var (four, six) = isEgress ? (_destination4, _destination6) : (_source4, _source6);
        var (isPod, isOutside) = isEgress ? (DestinationIsPod, DestinationIsOutside) : (SourceIsPod, SourceIsOutside);
        var lookup = Name($"{sets.Direction}_lookup");
        return new NftChain(Name($"{sets.Direction}_peers"), null,
        [
            // A peer without an exact class is no exception to anything.
            Rule(Clear(register)),
            .. Level(register, sets.Peer, isOutside, sets.Outside, four, six, lookup),
            Rule("what a wide rule leaves out", new MatchIn(sets.Except, false, NftField.Mark, NftField.Priority), Return),
            .. Level(register, sets.PeerGroup, isOutside, sets.OutsideGroup, four, six, lookup),
            .. Realms(register, isPod, isOutside),
            Rule(Goto(lookup)),
        ]);
    }

    /// <summary>
    /// One level: a pod's class from one map, an outside address's from another, and what the pair has. A pod's address is nobody
    /// else's (see <c>outside</c>), so the first needs no question for the interface.
    /// </summary>
    private static NftRule[] Level(NftRegister register, string pods, NftStatement isOutside, string outside, NftField four, NftField six, string lookup) =>
    [
        .. FromAddress(register, pods, four, six, Jump(lookup)),
        Rule(isOutside, new SetFromMap(register, outside + "4", four), Jump(lookup)),
        Rule(isOutside, new SetFromMap(register, outside + "6", six), Jump(lookup)),
    ];

    /// <summary>A peer's class of a tier: a pod's from one map, an outside address's from another.</summary>
    private static NftRule[] PeerClass(NftRegister register, NftStatement isPod, string pods, NftStatement isOutside, string outside, NftField four, NftField six) =>
    [
        Rule(isPod, new SetFromMap(register, pods + "4", four)),
        Rule(isPod, new SetFromMap(register, pods + "6", six)),
        Rule(isOutside, new SetFromMap(register, outside + "4", four)),
        Rule(isOutside, new SetFromMap(register, outside + "6", six)),
    ];

    private static NftRule[] Realms(NftRegister register, NftStatement isPod, NftStatement isOutside) =>
    [
        Rule(isPod, new MatchFamily(NftProtocol.IPv4), new SetConstant(register, Realm.PodsIPv4)),
        Rule(isPod, new MatchFamily(NftProtocol.IPv6), new SetConstant(register, Realm.PodsIPv6)),
        Rule(isOutside, new MatchFamily(NftProtocol.IPv4), new SetConstant(register, Realm.OutsideIPv4)),
        Rule(isOutside, new MatchFamily(NftProtocol.IPv6), new SetConstant(register, Realm.OutsideIPv6)),
    ];

    /// <summary>One pair of classes in the exact sets; the interval set last, it is the slowest.</summary>
    private NftChain Lookup(DirectionSets sets, string allowed) => new(Name($"{sets.Direction}_lookup"), null,
    [
        Rule(new MatchIn(sets.Port, false, NftField.Mark, NftField.Priority, NftField.Protocol, _port), Goto(allowed)),
        Rule(new MatchIn(sets.Any, false, NftField.Mark, NftField.Priority), Goto(allowed)),
        Rule(new MatchIn(sets.Protocol, false, NftField.Mark, NftField.Priority, NftField.Protocol), Goto(allowed)),
        Rule(new MatchIn(sets.Range, true, NftField.Mark, NftField.Priority, NftField.Protocol, _port), Goto(allowed)),
    ]);

    /// <summary>A pod cannot block itself. Asked last: it is rare.</summary>
    private NftRule[] ToItself() =>
    [
        Rule(new MatchIn(SetNames.Self + "4", false, NftField.Source4, NftField.Destination4), Goto(_stamp)),
        Rule(new MatchIn(SetNames.Self + "6", false, NftField.Source6, NftField.Destination6), Goto(_stamp)),
    ];
}
