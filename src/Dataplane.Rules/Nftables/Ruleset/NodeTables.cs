using Dataplane.Linux.Nftables;

namespace Dataplane.Rules.Nftables;

/// <summary>The two tables of a node as they are fixed: rules, and empty sets. What fills the sets is written straight into a batch.</summary>
public sealed class NodeTables
{
    private readonly NodeRuleset _empty;
    private readonly (NftTable Table, NftSet Set)[] _sets;

    public NodeTables(NodeShape node)
    {
        _empty = new NodeRuleset(
            new NftTable(NftFamily.Bridge, SetNames.Table, "who sends: port, MAC and address must belong together", [.. NodeSets.Bridge(), .. Limits.BridgeSets(node)], BridgeTable.Chains(node)),
            new NftTable(NftFamily.Inet, SetNames.Table, "who may talk to whom", [.. NodeSets.Inet(), .. Limits.InetSets(node)], InetTable.Chains(node)));
        _sets = [.. _empty.Tables.SelectMany(t => t.Sets.Select(s => (t, s)))];
    }

    public IEnumerable<NftTable> Tables => _empty.Tables;

    /// <summary>As a model: for text, and for whoever looks.</summary>
    public NodeRuleset Ruleset(RulesetChange whole)
    {
        return new NodeRuleset(Filled(_empty.Bridge), Filled(_empty.Inet));

        NftTable Filled(NftTable table) => table with { Sets = [.. table.Sets.Select(set => set with { Elements = ElementModel.Of(set, whole) })] };
    }

    /// <summary>
    /// Writes whole tables, whatever is in them so far: sets and chains of the same shape stay and are filled anew, and a base
    /// chain that stays is never out of work, so no packet is lost. EEXIST: a set or chain of that name has another shape.
    /// </summary>
    public void Create(ref NftBatch batch, RulesetChange whole, NftTableFlags flags) =>
        NftNetlinkRenderer.Create(ref batch, Tables, flags, (ref NftBatch to, NftSet set) => SetContents.Write(set, whole, added: true, ref to));

    /// <summary>Writes what leads from one content to the next; rules and chains stay as they are.</summary>
    /// <returns>How many elements come, and how many go.</returns>
    public (int Added, int Removed) Update(ref NftBatch batch, RulesetChange change)
    {
        var removed = 0;
        foreach (var (table, set) in _sets)
        {
            // Deletions first: an element whose data changes is deleted and added again.
            batch.BeginElements(table.Family, table.Name, set.Name, delete: true);
            removed -= batch.Elements;
            SetContents.Write(set, change, added: false, ref batch);
            removed += batch.Elements;
            batch.EndElements();
            batch.BeginElements(table.Family, table.Name, set.Name);
            SetContents.Write(set, change, added: true, ref batch);
            batch.EndElements();
        }
        return (batch.Elements - removed, removed);
    }

    /// <summary>Writes what lifts the limit on the drop log, or what puts it back, wherever there is one.</summary>
    public void WriteProbing(ref NftBatch batch, bool lift)
    {
        foreach (var (table, set) in _sets)
        {
            if (set.Name != SetNames.Probing) continue;
            // Deleted only once they are there for certain: they may have timed out.
            NftNetlinkRenderer.Elements(ref batch, table, set, Limits.ProbingElements(table.Family), delete: false);
            if (!lift) NftNetlinkRenderer.Elements(ref batch, table, set, Limits.ProbingElements(table.Family), delete: true);
        }
    }
}
