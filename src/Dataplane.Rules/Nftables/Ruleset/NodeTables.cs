using Dataplane.Linux.Nftables;
using Dataplane.Rules.Nftables.Model;

namespace Dataplane.Rules.Nftables.Ruleset;

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
        Filled = [.. _sets.Where(s => s.Set.Filling is not null)];
    }

    /// <summary>The rules; the sets are empty.</summary>
    public IEnumerable<NftTable> Tables => _empty.Tables;

    /// <summary>As a model: for text, and for whoever looks.</summary>
    /// <param name="fills">The sizes that the sets have; null: that they would be made with.</param>
    public NodeRuleset Ruleset(RulesetChange whole, SetFill[]? fills = null)
    {
        var next = 0;
        return new NodeRuleset(Filled(_empty.Bridge), Filled(_empty.Inet));

        NftTable Filled(NftTable table) => table with
        {
            Sets = [.. table.Sets.Select(set =>
        {
            var elements = ElementModel.Of(set, whole);
            return set with { Elements = elements, Size = (fills?[next++] ?? SetFill.Of(set, elements.Count)).Size };
        })]
        };
    }

    /// <summary>
    /// Writes both tables, whatever is in them so far. Chains stay, and a base chain that stays is never out of work, so no packet is lost. EEXIST: a chain
    /// has another shape.
    /// </summary>
    /// <param name="present">The names of the sets that a table has.</param>
    /// <returns>How full the sets are.</returns>
    public SetFill[] Create(NftBatch batch, RulesetChange whole, NftTableFlags flags, Func<NftTable, IReadOnlyCollection<string>>? present = null)
    {
        var (fills, next, nextSetId) = (new SetFill[_sets.Length], 0, 1u);
        foreach (var table in _empty.Tables) NftNetlinkRenderer.Create(batch, table, flags, present?.Invoke(table) ?? [], ref nextSetId, Fill);
        return fills;

        uint? Fill(NftBatch to, NftSet set)
        {
            var before = to.Elements;
            SetContents.Write(set, whole, added: true, ref to);
            return (fills[next++] = SetFill.Of(set, to.Elements - before)).Size;
        }
    }

    /// <summary>Writes what leads from one content to the next; rules and chains stay as they are.</summary>
    /// <param name="fills">How full the sets are, as <see cref="Create"/> told; kept up to date. The kernel refuses the batch (ENFILE) where one is overfull.</param>
    public void Update(NftBatch batch, RulesetChange change, SetFill[] fills)
    {
        for (var i = 0; i < _sets.Length; i++)
        {
            var (table, set) = _sets[i];
            // Deletions first: an element whose data changes is deleted and added again.
            var start = batch.Elements;
            batch.BeginElements(table.Family, table.Name, set.Name, delete: true);
            SetContents.Write(set, change, added: false, ref batch);
            batch.EndElements();
            var removed = batch.Elements - start;
            batch.BeginElements(table.Family, table.Name, set.Name);
            SetContents.Write(set, change, added: true, ref batch);
            batch.EndElements();
            fills[i].Count += batch.Elements - start - 2 * removed;
        }
    }

    /// <summary>The sets that pods and policies fill.</summary>
    public IReadOnlyList<(NftTable Table, NftSet Set)> Filled { get; }

    /// <summary>What the kernel should have in each of them.</summary>
    public NftElementSum[] Sums(RulesetChange whole) => [.. Filled.Select(f => Sum(f.Set, whole, added: true))];

    /// <summary>What it should have after a change.</summary>
    public void GoOn(NftElementSum[] sums, RulesetChange change)
    {
        var next = 0;
        foreach (var (_, set) in Filled) sums[next] = sums[next++].GoOn(Sum(set, change, added: false), Sum(set, change, added: true));
    }

    private static NftElementSum Sum(NftSet set, RulesetChange change, bool added)
    {
        var sum = new NftElementSum();
        SetContents.Write(set, change, added, ref sum);
        return sum;
    }

    /// <summary>Writes what lifts the limit on the drop log, or what puts it back, wherever there is one.</summary>
    public void WriteProbing(NftBatch batch, bool lift)
    {
        foreach (var (table, set) in _sets)
        {
            if (set.Name != SetNames.Probing) continue;
            // Deleted only once they are there for certain: they may have timed out.
            NftNetlinkRenderer.Elements(batch, table, set, Limits.ProbingElements(table.Family), delete: false);
            if (!lift) NftNetlinkRenderer.Elements(batch, table, set, Limits.ProbingElements(table.Family), delete: true);
        }
    }
}
