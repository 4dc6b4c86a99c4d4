using Dataplane.Linux.Nftables;
using Dataplane.Policy.Compilation;

namespace Dataplane.Rules.Nftables;

/// <summary>The two tables of a node: fixed rules, and sets whose elements come from pods and policies.</summary>
public sealed record NodeRuleset(NftTable Bridge, NftTable Inet)
{
    public IEnumerable<NftTable> Tables => [Bridge, Inet];

    /// <summary>Writes what lifts the limit on the drop log, or what puts it back, wherever there is one.</summary>
    public void WriteProbing(ref NftBatch batch, bool lift)
    {
        foreach (var table in Tables)
        {
            if (table.Sets.FirstOrDefault(s => s.Name == SetNames.Probing) is not { } set) continue;
            // Deleted only once they are there for certain: they may have timed out.
            NftNetlinkRenderer.Elements(ref batch, table, set, Limits.ProbingElements(table.Family), delete: false);
            if (!lift) NftNetlinkRenderer.Elements(ref batch, table, set, Limits.ProbingElements(table.Family), delete: true);
        }
    }

    /// <param name="ports">Only addresses that are attached: an address without a port has no elements, so it is closed.</param>
    /// <param name="epoch">Counts the changes that tightened; connections judged in another epoch are judged again.</param>
    public static NodeRuleset Build(NodeShape node, ClassTable classes, IReadOnlyList<PortAddress> ports, uint epoch) => new(
        new NftTable(NftFamily.Bridge, SetNames.Table, "who sends: port, MAC and address must belong together",
            [.. SetContents.Bridge(ports), .. Limits.BridgeSets(node)], BridgeTable.Chains(node)),
        new NftTable(NftFamily.Inet, SetNames.Table, "who may talk to whom",
            [.. SetContents.Inet(ports, classes, MarkBits.Epoch | epoch), .. Limits.InetSets(node)], InetTable.Chains(node)));
}
