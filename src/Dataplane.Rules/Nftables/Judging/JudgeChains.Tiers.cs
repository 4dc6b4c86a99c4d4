using Dataplane.Policy.Compilation.Tables;
using Dataplane.Rules.Nftables.Model;
using Dataplane.Rules.Nftables.Parts;
using Dataplane.Rules.Shape;
using static Dataplane.Rules.Nftables.Parts.RuleWriting;

namespace Dataplane.Rules.Nftables.Judging;

/// <content>
/// The Admin and Baseline tiers, asked before the NetworkPolicies. The maps hold verdicts as data
/// (<see cref="TierVerdict"/>), which the compiler has resolved: the first entry found decides. Only flows of pods that
/// a tier policy selects as its subject get here.
/// </content>
internal sealed partial class JudgeChains
{
    private NftChain[] EgressTier() => Tier(SetNames.Egress, NftRegister.Mark,
        DestinationIsPod, DestinationIsOutside, _destination4, _destination6, accepted: Name(Gate),
            DropReason.EgressTier,
        [
            .. EgressSubject(_source4, _source6),
            .. EgressIsolation(),
        ]);

    private NftChain[] IngressTier() => Tier(SetNames.Ingress, NftRegister.Priority,
        SourceIsPod, SourceIsOutside, _source4, _source6, accepted: _stamp, DropReason.IngressTier,
        [
            .. IngressSubject(),
            .. IngressIsolation(),
        ]);

    /// <param name="peer">The register for the peer's class; the other one holds the subject's.</param>
    /// <param name="policies">
    /// The rules for NetworkPolicies, which decide if the tiers have no verdict. They are in the chain of the verdict,
    /// since the kernel allows 16 chains in a row.
    /// </param>
    private NftChain[] Tier(DirectionSets sets, NftRegister peer, NftStatement isPod, NftStatement isOutside,
        NftField four, NftField six, string accepted, string reason, NftRule[] policies)
    {
        var tier = $"{sets.Direction}_tier";
        var (lookup, verdict, denied) = (Name($"{tier}_lookup"), Name($"{tier}_verdict"), Name($"{tier}_denied"));
        return
        [
            new NftChain(Name(tier), null,
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
