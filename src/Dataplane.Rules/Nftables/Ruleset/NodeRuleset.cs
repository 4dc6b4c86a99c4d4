using Dataplane.Policy.Compilation.Tables;
using Dataplane.Rules.Nftables.Model;

namespace Dataplane.Rules.Nftables.Ruleset;

/// <summary>The two tables of a node, with all that is in them: fixed rules, and sets whose elements come from pods and policies.</summary>
public sealed record NodeRuleset(NftTable Bridge, NftTable Inet)
{
    public IEnumerable<NftTable> Tables => [Bridge, Inet];

    /// <param name="ports">Only addresses that are attached: an address without a port has no elements, so it is closed.</param>
    /// <param name="epoch">See <see cref="RulesetChange.EpochAfter"/>.</param>
    public static NodeRuleset Build(NodeShape node, ClassTable classes, IReadOnlyList<PortAddress> ports, uint epoch) =>
        new NodeTables(node).Ruleset(RulesetChange.Whole(classes, ports, epoch));
}
