using Dataplane.Rules.Nftables.Model;
using Dataplane.Rules.Nftables.Parts;
using static Dataplane.Rules.Nftables.Parts.RuleWriting;

namespace Dataplane.Rules.Nftables.Judging;

/// <summary>One pair of tier classes: the narrowest entry decides. Returns where the pair has none.</summary>
internal static class TierLookup
{
    public static NftChain Chain(string name, DirectionSets sets, NftField port, string verdict) => new(name, null,
    [
        Rule(Find(sets.TierPort, NftField.Mark, NftField.Priority, NftField.Protocol, port), Goto(verdict)),
        Rule(Find(sets.TierRange, NftField.Mark, NftField.Priority, NftField.Protocol, port) with { IsInterval = true },
            Goto(verdict)),
        Rule(Find(sets.TierProtocol, NftField.Mark, NftField.Priority, NftField.Protocol), Goto(verdict)),
        Rule(Find(sets.TierAny, NftField.Mark, NftField.Priority), Goto(verdict)),
    ]);

    private static SetFromMap Find(string map, params NftField[] fields) => new(NftRegister.Mark, map, fields);
}
