using Dataplane.Rules.Nftables.Model;

namespace Dataplane.Rules.Nftables.Parts;

/// <summary>What one concern of the ruleset adds to the two tables of a node.</summary>
internal sealed record RulesetPart(TablePart Bridge, TablePart Inet);

/// <summary>Sets and chains that a part adds to one table, in the order in which they are written.</summary>
internal sealed record TablePart(IReadOnlyList<PartSet> Sets, IReadOnlyList<NftChain> Chains)
{
    public static readonly TablePart Empty = new([], []);
}

/// <param name="Set">Without elements.</param>
/// <param name="Source">Null: pods and policies do not change the set.</param>
internal readonly record struct PartSet(NftSet Set, ElementSource? Source);
