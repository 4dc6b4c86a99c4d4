using Dataplane.Policy.Compilation.Tables;
using Dataplane.Rules.Changes;
using Dataplane.Rules.Nftables.Model;
using Dataplane.Rules.Shape;

namespace Dataplane.Rules.Nftables;

/// <summary>The two tables of a node as a model, with the elements that come from pods and policies.</summary>
public sealed record NodeRuleset(NftTable Bridge, NftTable Inet)
{
    public IEnumerable<NftTable> Tables => [Bridge, Inet];

    /// <param name="ports">
    /// The attached addresses only: an address without a port has no elements, so it is closed.
    /// </param>
    /// <param name="epoch">See <see cref="RulesetChange.EpochAfter"/>.</param>
    public static NodeRuleset Build(NodeShape node, ClassTable classes, IReadOnlyList<PortAddress> ports, uint epoch) =>
        Build(node, RulesetChange.Whole(classes, ports, epoch));

    /// <param name="whole">A whole content.</param>
    public static NodeRuleset Build(NodeShape node, RulesetChange whole) =>
        new NodeTables(node, ServiceShape.Of(whole.Services.Added)).Ruleset(whole);
}
