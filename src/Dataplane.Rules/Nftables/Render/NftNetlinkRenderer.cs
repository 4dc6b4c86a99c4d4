using Dataplane.Linux.Nftables;
using Dataplane.Rules.Nftables.Model;

namespace Dataplane.Rules.Nftables.Render;

/// <summary>Writes tables as netlink messages of one transaction.</summary>
public static class NftNetlinkRenderer
{
    /// <summary>Writes the elements of a set.</summary>
    /// <returns>The set's size.</returns>
    internal delegate uint? Filler(NftBatch batch, NftSet set);

    /// <summary>Writes whole tables with their elements. No table of that name may exist.</summary>
    public static void Create(NftBatch batch, IEnumerable<NftTable> tables, NftTableFlags flags)
    {
        var nextSetId = new NftSetId(1);
        foreach (var table in tables) Create(batch, table, flags, [], ref nextSetId, Fill);
    }

    /// <summary>
    /// Writes a whole table, whatever its present content. Existing chains are kept, and a base chain that is kept
    /// never stops working, so no packet is lost. Rules and sets are created again, because a set cannot change its
    /// type and size. Sets come before the rules that look them up, chains before jumps, and elements last: for each
    /// rule that looks up a map the kernel walks all its elements (nf_tables_bind_set). EEXIST: a chain of that name
    /// has another shape.
    /// </summary>
    /// <param name="sets">The names of the sets that the table has in the kernel.</param>
    internal static void Create(NftBatch batch, NftTable table, NftTableFlags flags,
        IReadOnlyCollection<string> sets,
        ref NftSetId nextSetId, Filler fill)
    {
        batch.NewTable(table.Family, table.Name, flags, table.Comment);
        batch.DeleteRules(table.Family, table.Name);
        var (ids, sizes) = (new Dictionary<string, NftSetId>(), new int[table.Sets.Count]);
        var next = 0;
        foreach (var set in table.Sets)
        {
            // Elements that rules have added, such as counts of connections, stay.
            if (set.Lifetime is not { ByRules: true } && sets.Contains(set.Name))
                batch.DeleteSet(table.Family, table.Name, set.Name);
            ids[set.Name] = nextSetId;
            sizes[next++] = batch.NewSet(table.Family, table.Name, set.Name, nextSetId, set.Key, set.Data,
                set.IsInterval, set.Lifetime, set.Size);
            nextSetId = nextSetId.Next;
        }
        foreach (var chain in table.Chains) Chain(batch, table, chain);
        var context = new NftRuleContext(table.Family, ids);
        foreach (var chain in table.Chains)
            foreach (var rule in chain.Rules) Rule(batch, table, chain, rule, context);
        for (var i = 0; i < sizes.Length; i++)
        {
            var set = table.Sets[i];
            batch.BeginElements(table.Family, table.Name, set.Name);
            var size = fill(batch, set);
            batch.EndElements();
            if (size is { } most) batch.SetSize(sizes[i], most);
        }
    }

    /// <summary>Adds or deletes some elements of a set.</summary>
    public static void Elements(
        NftBatch batch, NftTable table, NftSet set, IEnumerable<NftElement> elements, bool delete)
    {
        batch.BeginElements(table.Family, table.Name, set.Name, delete);
        Fill(batch, set with { Elements = [.. elements] });
        batch.EndElements();
    }

    /// <summary>Writes the elements of the model.</summary>
    internal static uint? Fill(NftBatch batch, NftSet set)
    {
        foreach (var element in set.Elements)
        {
            if (element.Goto is { } chain)
                batch.GotoElement(element.Key, chain);
            else if (set.IsInterval && !set.IsConcatenation)
                batch.Range(element.Key, element.Last, element.Data);
            else
                batch.Element(element.Key, element.Last, element.Data, element.Comment);
        }
        return set.Size;
    }

    private static void Chain(NftBatch batch, NftTable table, NftChain chain)
    {
        if (chain.Hook is { } hook)
            batch.NewBaseChain(table.Family, table.Name, chain.Name, hook.Type, hook.Hook, hook.Priority, hook.Policy);
        else
            batch.NewChain(table.Family, table.Name, chain.Name);
    }

    private static void Rule(NftBatch batch, NftTable table, NftChain chain, NftRule rule, NftRuleContext context)
    {
        var at = batch.BeginRule(table.Family, table.Name, chain.Name);
        foreach (var statement in rule.Statements) statement.Write(batch, context);
        batch.EndRule(at, rule.Comment);
    }
}
