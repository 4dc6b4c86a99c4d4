using Dataplane.Policy.Compilation.Tables;
using Dataplane.Rules.Nftables.Model;
using static Dataplane.Rules.Nftables.Ruleset.RuleWriting;

namespace Dataplane.Rules.Nftables.Ruleset;

/// <summary>
/// The Admin and Baseline tiers, asked before the NetworkPolicies. The maps hold verdicts as data (<see cref="TierVerdict"/>), resolved
/// by the compiler: the first entry found decides. Only pods that a tier policy is about come here.
/// </summary>
internal sealed partial class JudgeChains
{
    private NftChain[] EgressTier() => Tier(SetNames.Egress, NftRegister.Mark, DestinationIsPod, DestinationIsOutside, _destination4, _destination6,
        accepted: Name("ingress_gate"), DropReason.EgressTier,
        [
            Rule(Clear(NftRegister.Mark)),
            .. FromAddress(NftRegister.Mark, SetNames.Egress.Subject, _source4, _source6),
            .. EgressIsolation(),
        ]);

    private NftChain[] IngressTier() => Tier(SetNames.Ingress, NftRegister.Priority, SourceIsPod, SourceIsOutside, _source4, _source6,
        accepted: _stamp, DropReason.IngressTier,
        [
            Rule(Clear(NftRegister.Priority)),
            .. FromAddress(NftRegister.Priority, SetNames.Ingress.Subject, _destination4, _destination6),
            .. IngressIsolation(),
        ]);

    /// <param name="peer">The register for the peer's class; the other one holds the subject's.</param>
    /// <param name="policies">Goes on with the NetworkPolicies. In the same chain as the verdict: the kernel allows 16 chains in a row.</param>
    private NftChain[] Tier(DirectionSets sets, NftRegister peer, NftStatement isPod, NftStatement isOutside, NftField four, NftField six,
        string accepted, string reason, NftRule[] policies)
    {
        var (tier, lookup, verdict, denied) = (Name($"{sets.Direction}_tier"), Name($"{sets.Direction}_tier_lookup"),
            Name($"{sets.Direction}_tier_verdict"), Name($"{sets.Direction}_tier_denied"));
        return
        [
            new NftChain(tier, null,
            [
                Rule(Clear(peer)),
                .. PeerClass(peer, isPod, sets.TierPeer, isOutside, sets.TierOutside, four, six),
                Rule(IsNotZero(peer), Jump(lookup)),
                .. Realms(peer, isPod, isOutside),
                Rule(Jump(lookup)),
                // No entry: no verdict.
                Rule(Clear(NftRegister.Mark)),
                Rule(Goto(verdict)),
            ]),
            TierLookup.Chain(lookup, sets, _port, verdict),
            new NftChain(verdict, null,
            [
                Rule(new MatchRegister(NftRegister.Mark, (uint)TierVerdict.Accept), Goto(accepted)),
                Rule(new MatchRegister(NftRegister.Mark, (uint)TierVerdict.Deny), Goto(denied)),
                .. policies,
            ]),
            new NftChain(denied, null,
            [
                .. ToItself(),
                Rule(DropFor(reason)),
            ]),
        ];
    }
}

/// <summary>One pair of tier classes: the narrowest entry decides. Falls through where the pair has none.</summary>
internal static class TierLookup
{
    public static NftChain Chain(string name, DirectionSets sets, NftField port, string verdict) => new(name, null,
    [
        Rule(new SetFromMap(NftRegister.Mark, sets.TierPort, NftField.Mark, NftField.Priority, NftField.Protocol, port), Goto(verdict)),
        Rule(new SetFromMap(NftRegister.Mark, sets.TierRange, NftField.Mark, NftField.Priority, NftField.Protocol, port) { IsInterval = true }, Goto(verdict)),
        Rule(new SetFromMap(NftRegister.Mark, sets.TierProtocol, NftField.Mark, NftField.Priority, NftField.Protocol), Goto(verdict)),
        Rule(new SetFromMap(NftRegister.Mark, sets.TierAny, NftField.Mark, NftField.Priority), Goto(verdict)),
    ]);
}
