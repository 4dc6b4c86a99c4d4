using Dataplane.Linux.Nftables;
using Dataplane.Rules.Changes;
using Dataplane.Rules.Nftables.Identity;
using Dataplane.Rules.Nftables.Judging;
using Dataplane.Rules.Nftables.Limits;
using Dataplane.Rules.Nftables.Model;
using Dataplane.Rules.Nftables.Parts;
using Dataplane.Rules.Nftables.Render;
using Dataplane.Rules.Nftables.Services;
using Dataplane.Rules.Nftables.Sharing;
using Dataplane.Rules.Shape;

namespace Dataplane.Rules.Nftables;

/// <summary>
/// The two tables of a node, composed of parts: fixed rules, and sets whose elements are written straight into a batch.
/// A new concern of the ruleset becomes a new part.
/// </summary>
public sealed class NodeTables
{
    private readonly NodeRuleset _empty;

    /// <summary>All sets in the order of the tables, each with the source of its elements.</summary>
    private readonly (NftTable Table, PartSet Set)[] _sets;

    private readonly (NftTable Table, NftSet Set, ElementSource Source)[] _filled;

    /// <param name="services">Null: there are no Services.</param>
    public NodeTables(NodeShape node, ServiceShape? services = null)
    {
        Services = services ?? ServiceShape.None;
        // Sets and chains are written in the order of the parts, and a reader of the tables finds them in it.
        RulesetPart[] parts =
        [
            IdentityPart.Of(node), SharingPart.Of(node), JudgingPart.Of(node), LimitsPart.Of(node),
            ServicesPart.Of(node, Services),
        ];
        TablePart[] bridge = [.. parts.Select(p => p.Bridge)], inet = [.. parts.Select(p => p.Inet)];
        _empty = new NodeRuleset(
            Compose(NftFamily.Bridge, "who sends: port, MAC and address must belong together", bridge),
            Compose(NftFamily.Inet, "who may talk to whom", inet));
        _sets =
        [
            .. bridge.SelectMany(p => p.Sets).Select(set => (_empty.Bridge, set)),
            .. inet.SelectMany(p => p.Sets).Select(set => (_empty.Inet, set)),
        ];
        _filled = [.. _sets.Where(s => s.Set.Source is not null).Select(s => (s.Table, s.Set.Set, s.Set.Source!))];
        Filled = [.. _filled.Select(f => (f.Table, f.Set))];
    }

    /// <summary>The Services that the rules are for.</summary>
    public ServiceShape Services { get; }

    /// <summary>The rules; the sets are empty.</summary>
    public IEnumerable<NftTable> Tables => _empty.Tables;

    /// <summary>The sets that pods and policies fill.</summary>
    public IReadOnlyList<(NftTable Table, NftSet Set)> Filled { get; }

    /// <summary>The number of elements in the sets of a name, of both families.</summary>
    /// <param name="fills">Of these tables.</param>
    public int Count(SetFill[] fills, string name)
    {
        var count = 0;
        for (var i = 0; i < fills.Length; i++)
        {
            if (_sets[i].Set.Set.Name is var set && (set == name || set == $"{name}4" || set == $"{name}6"))
                count += fills[i].Count;
        }
        return count;
    }

    /// <summary>The tables as a model, with their elements.</summary>
    /// <param name="fills">The present sizes of the sets; null: the sizes with which they would be created.</param>
    public NodeRuleset Ruleset(RulesetChange whole, SetFill[]? fills = null)
    {
        var next = 0;
        return new NodeRuleset(Filled(_empty.Bridge), Filled(_empty.Inet));

        NftTable Filled(NftTable table) => table with { Sets = [.. table.Sets.Select(_ => FilledSet(next++))] };

        NftSet FilledSet(int index)
        {
            var (_, (set, source)) = _sets[index];
            var elements = source is null ? set.Elements : ElementModel.Of(source, whole);
            return set with { Elements = elements, Size = (fills?[index] ?? SetFill.Of(set, elements.Count)).Size };
        }
    }

    /// <summary>
    /// Writes both tables, whatever their present content. Existing chains are kept, and a base chain that is kept
    /// never stops working, so no packet is lost. EEXIST: a chain has another shape.
    /// </summary>
    /// <param name="present">The names of the sets that a table has; null: none.</param>
    /// <returns>The fill of each set.</returns>
    public SetFill[] Create(NftBatch batch, RulesetChange whole, NftTableFlags flags,
        Func<NftTable, IReadOnlyCollection<string>>? present = null)
    {
        var (fills, next, nextSetId) = (new SetFill[_sets.Length], 0, new NftSetId(1));
        foreach (var table in _empty.Tables)
            NftNetlinkRenderer.Create(batch, table, flags, present?.Invoke(table) ?? [], ref nextSetId, Fill);
        return fills;

        uint? Fill(NftBatch to, NftSet set)
        {
            var before = to.Elements;
            if (_sets[next].Set.Source is { } source)
                source.Write(whole, added: true, ref to);
            else
                NftNetlinkRenderer.Fill(to, set);
            return (fills[next++] = SetFill.Of(set, to.Elements - before)).Size;
        }
    }

    /// <summary>Writes the difference between two contents; rules and chains stay as they are.</summary>
    /// <param name="fills">
    /// How full the sets are, as <see cref="Create"/> returned it; kept up to date. The kernel refuses the batch
    /// (ENFILE) where a set is overfull.
    /// </param>
    public void Update(NftBatch batch, RulesetChange change, SetFill[] fills)
    {
        for (var i = 0; i < _sets.Length; i++)
        {
            var (table, (set, source)) = _sets[i];
            if (source is null) continue;
            // Deletions first: an element whose data changes is deleted and added again.
            var start = batch.Elements;
            batch.BeginElements(table.Family, table.Name, set.Name, delete: true);
            source.Write(change, added: false, ref batch);
            batch.EndElements();
            var removed = batch.Elements - start;
            batch.BeginElements(table.Family, table.Name, set.Name);
            source.Write(change, added: true, ref batch);
            batch.EndElements();
            fills[i].Count += batch.Elements - start - 2 * removed;
        }
    }

    /// <summary>The checksum of the elements that each of <see cref="Filled"/> should have in the kernel.</summary>
    public NftElementSum[] Sums(RulesetChange whole) => [.. _filled.Select(f => Sum(f.Source, whole, added: true))];

    /// <summary>Brings the checksums of <see cref="Sums"/> to the content after a change.</summary>
    public void UpdateSums(NftElementSum[] sums, RulesetChange change)
    {
        for (var i = 0; i < _filled.Length; i++)
        {
            var source = _filled[i].Source;
            sums[i] = sums[i].GoOn(Sum(source, change, added: false), Sum(source, change, added: true));
        }
    }

    /// <summary>
    /// Writes the elements that lift the limit of the drop log, or removes them, in each table that has a limit.
    /// </summary>
    public void WriteProbing(NftBatch batch, bool lift)
    {
        foreach (var (table, (set, _)) in _sets)
        {
            if (set.Name != SetNames.Probing) continue;
            var elements = LimitsPart.ProbingElements(table.Family);
            // Added before they are deleted, so that the deletion succeeds: they may have timed out.
            NftNetlinkRenderer.Elements(batch, table, set, elements, delete: false);
            if (!lift) NftNetlinkRenderer.Elements(batch, table, set, elements, delete: true);
        }
    }

    private static NftTable Compose(NftFamily family, string comment, TablePart[] parts) => new(
        family, SetNames.Table, comment, [.. parts.SelectMany(p => p.Sets).Select(s => s.Set)],
            [.. parts.SelectMany(p => p.Chains)]);

    private static NftElementSum Sum(ElementSource source, RulesetChange change, bool added)
    {
        var sum = new NftElementSum();
        source.Write(change, added, ref sum);
        return sum;
    }
}
