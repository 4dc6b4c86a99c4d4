using Dataplane.Linux.Nftables;
using Dataplane.Policy.Compilation;

namespace Dataplane.Rules.Nftables;

/// <summary>The two tables of a node: fixed rules, and sets whose elements come from pods and policies.</summary>
public sealed record NodeRuleset(NftTable Bridge, NftTable Inet)
{
    public IEnumerable<NftTable> Tables => [Bridge, Inet];

    /// <param name="ports">Only addresses that are attached: an address without a port has no elements, so it is closed.</param>
    /// <param name="epoch">Counts the changes that tightened; connections judged in another epoch are judged again.</param>
    public static NodeRuleset Build(NodeShape node, ClassTable classes, IReadOnlyList<PortAddress> ports, uint epoch) => new(
        new NftTable(NftFamily.Bridge, SetNames.Table, "who sends: port, MAC and address must belong together",
            SetContents.Bridge(ports), BridgeTable.Chains(node)),
        new NftTable(NftFamily.Inet, SetNames.Table, "who may talk to whom",
            SetContents.Inet(ports, classes, MarkBits.Epoch | epoch), InetTable.Chains(node)));
}
