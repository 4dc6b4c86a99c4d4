using Dataplane.Linux.Nftables;

namespace Dataplane.Rules.Nftables;

/// <summary>Tables as netlink messages of one transaction.</summary>
public static class NftNetlinkRenderer
{
    /// <summary>
    /// Writes whole tables, whatever is in them so far: sets and chains of the same shape stay and are filled anew, and a base
    /// chain that stays is never out of work, so no packet is lost. Sets come before the rules that look them up, chains before
    /// jumps. EEXIST: a set or chain of that name has another shape.
    /// </summary>
    public static void Create(ref NftBatch batch, IEnumerable<NftTable> tables, NftTableFlags flags)
    {
        uint nextSetId = 1;
        foreach (var table in tables)
        {
            batch.NewTable(table.Family, table.Name, flags, table.Comment);
            var ids = new Dictionary<string, uint>();
            foreach (var set in table.Sets)
            {
                ids[set.Name] = nextSetId;
                batch.NewSet(table.Family, table.Name, set.Name, nextSetId++, set.Key, set.Data, set.IsInterval, set.Lifetime);
                // What rules have put into a set, counts they go by, is theirs.
                if (set.Lifetime is not { ByRules: true }) batch.FlushSet(table.Family, table.Name, set.Name);
                Elements(ref batch, table, set, set.Elements, delete: false);
            }
            foreach (var chain in table.Chains) Chain(ref batch, table, chain);
            batch.DeleteRules(table.Family, table.Name);
            var context = new NftRuleContext(table.Family, ids);
            foreach (var chain in table.Chains)
                foreach (var rule in chain.Rules) Rule(ref batch, table, chain, rule, context);
        }
    }

    /// <summary>Writes what leads from one state of the elements to another; rules and chains are the same in both.</summary>
    /// <returns>How many elements change.</returns>
    public static int Update(ref NftBatch batch, NftTable from, NftTable to)
    {
        var changes = 0;
        for (var i = 0; i < to.Sets.Count; i++)
        {
            var (before, after) = (from.Sets[i], to.Sets[i]);
            var (old, now) = (before.Elements.ToHashSet(), after.Elements.ToHashSet());
            // Deletions first: an element whose data changes is deleted and added again.
            var gone = before.Elements.Where(e => !now.Contains(e)).ToList();
            var fresh = after.Elements.Where(e => !old.Contains(e)).ToList();
            Elements(ref batch, to, after, gone, delete: true);
            Elements(ref batch, to, after, fresh, delete: false);
            changes += gone.Count + fresh.Count;
        }
        return changes;
    }

    /// <summary>Adds or deletes some elements of a set.</summary>
    public static void Elements(ref NftBatch batch, NftTable table, NftSet set, IEnumerable<NftElement> elements, bool delete)
    {
        batch.BeginElements(table.Family, table.Name, set.Name, delete);
        foreach (var element in elements)
        {
            if (set.IsInterval && !set.IsConcatenation) Range(ref batch, element);
            else batch.Element(element.Key, element.Last, element.Data, delete ? null : element.Comment);
        }
        batch.EndElements();
    }

    /// <summary>A plain interval set holds where a range begins and, unless it reaches the highest value, where the next thing begins.</summary>
    private static void Range(ref NftBatch batch, NftElement element)
    {
        batch.Element(element.Key, data: element.Data);
        var behind = element.Last!.ToArray();
        for (var i = behind.Length - 1; i >= 0; i--)
        {
            if (++behind[i] == 0) continue;
            batch.RangeEnd(behind);
            return;
        }
    }

    private static void Chain(ref NftBatch batch, NftTable table, NftChain chain)
    {
        if (chain.Hook is { } hook)
            batch.NewBaseChain(table.Family, table.Name, chain.Name, hook.Type, hook.Hook, hook.Priority, hook.Policy);
        else
            batch.NewChain(table.Family, table.Name, chain.Name);
    }

    private static void Rule(ref NftBatch batch, NftTable table, NftChain chain, NftRule rule, NftRuleContext context)
    {
        var at = batch.BeginRule(table.Family, table.Name, chain.Name);
        foreach (var statement in rule.Statements) statement.Write(ref batch, context);
        batch.EndRule(at, rule.Comment);
    }
}
