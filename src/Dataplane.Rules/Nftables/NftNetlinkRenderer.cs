using Dataplane.Linux.Nftables;

namespace Dataplane.Rules.Nftables;

/// <summary>Tables as netlink messages of one transaction.</summary>
public static class NftNetlinkRenderer
{
    /// <summary>Writes the elements of a set.</summary>
    public delegate void Filler(ref NftBatch batch, NftSet set);

    /// <summary>
    /// Writes whole tables, whatever is in them so far: sets and chains of the same shape stay and are filled anew, and a base
    /// chain that stays is never out of work, so no packet is lost. Sets come before the rules that look them up, chains before
    /// jumps. EEXIST: a set or chain of that name has another shape.
    /// </summary>
    /// <param name="fill">Null: with the elements that the sets have.</param>
    public static void Create(ref NftBatch batch, IEnumerable<NftTable> tables, NftTableFlags flags, Filler? fill = null)
    {
        fill ??= Fill;
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
                batch.BeginElements(table.Family, table.Name, set.Name);
                fill(ref batch, set);
                batch.EndElements();
            }
            foreach (var chain in table.Chains) Chain(ref batch, table, chain);
            batch.DeleteRules(table.Family, table.Name);
            var context = new NftRuleContext(table.Family, ids);
            foreach (var chain in table.Chains)
                foreach (var rule in chain.Rules) Rule(ref batch, table, chain, rule, context);
        }
    }

    /// <summary>Adds or deletes some elements of a set.</summary>
    public static void Elements(ref NftBatch batch, NftTable table, NftSet set, IEnumerable<NftElement> elements, bool delete)
    {
        batch.BeginElements(table.Family, table.Name, set.Name, delete);
        Fill(ref batch, set with { Elements = [.. elements] });
        batch.EndElements();
    }

    private static void Fill(ref NftBatch batch, NftSet set)
    {
        foreach (var element in set.Elements)
        {
            if (set.IsInterval && !set.IsConcatenation) batch.Range(element.Key, element.Last, element.Data);
            else batch.Element(element.Key, element.Last, element.Data, element.Comment);
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
