using Dataplane.Rules.Nftables;
using Dataplane.Rules.Nftables.Render;

namespace Dataplane.Node.Programming;

/// <summary>
/// The rules of a node at one moment, with everything that pods and policies have put into them. Immutable: any thread
/// may write it out.
/// </summary>
public sealed class RulesSnapshot
{
    private readonly NodeRuleset _ruleset;

    internal RulesSnapshot(NodeRuleset ruleset) => _ruleset = ruleset;

    /// <summary>Elements in all sets; a range is one.</summary>
    public int Elements => _ruleset.Tables.Sum(t => t.Sets.Sum(s => s.Elements.Count));

    /// <summary>The rules as text of the backend: for nf_tables, as <c>nft -f</c> reads it.</summary>
    public string Text() => NftTextRenderer.Render(_ruleset.Tables);
}
