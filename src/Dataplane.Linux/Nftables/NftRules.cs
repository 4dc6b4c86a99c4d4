using Dataplane.Linux.Netlink;

namespace Dataplane.Linux.Nftables;

/// <summary>A rule as the kernel keeps it.</summary>
/// <param name="Handle">What <see cref="NftBatch.DeleteRule"/> takes.</param>
/// <param name="Packets">Of its first counter; null where it has none.</param>
public readonly record struct NftRuleInfo(string Chain, ulong Handle, ulong? Packets);

/// <summary>Reads the rules back.</summary>
public static class NftRules
{
    /// <summary>All rules of a table, each chain's in the order they run; none when there is no such table.</summary>
    public static IReadOnlyList<NftRuleInfo> Dump(NetlinkSocket socket, NftFamily family, string table)
    {
        var rules = new List<NftRuleInfo>();
        var request = socket.NewBatch(256);
        try
        {
            request.Begin((ushort)(NftMessage.Subsystem << 8 | NftMessage.GetRule), NetlinkFlags.Request | NetlinkFlags.Dump, NftBatch.Header((byte)family));
            request.String(1, table);          // NFTA_RULE_TABLE: only this one
            socket.Dump(ref request, (_, body) => rules.Add(Parse(body)), $"list the rules of {table}");
        }
        finally
        {
            request.Dispose();
        }
        return rules;
    }

    private static NftRuleInfo Parse(ReadOnlySpan<byte> body)
    {
        var rule = new NftRuleInfo("", 0, null);
        var attributes = MessageReader.Attributes<nfgenmsg>(body);
        while (attributes.Read())
        {
            rule = attributes.Type switch
            {
                2 => rule with { Chain = attributes.String() },   // NFTA_RULE_CHAIN
                3 => rule with { Handle = attributes.U64Be() },   // NFTA_RULE_HANDLE
                4 => rule with { Packets = Counter(attributes.Nested()) }, // NFTA_RULE_EXPRESSIONS
                _ => rule,
            };
        }
        return rule;
    }

    private static ulong? Counter(AttributeReader expressions)
    {
        while (expressions.Read())
        {
            var expression = expressions.Nested();            // NFTA_LIST_ELEM
            var isCounter = false;
            while (expression.Read())
            {
                if (expression.Type == 1) isCounter = expression.String() == "counter"; // NFTA_EXPR_NAME
                else if (expression.Type == 2 && isCounter) return Packets(expression.Nested()); // NFTA_EXPR_DATA
            }
        }
        return null;
    }

    private static ulong? Packets(AttributeReader counter)
    {
        while (counter.Read())
            if (counter.Type == 2) return counter.U64Be();    // NFTA_COUNTER_PACKETS
        return null;
    }
}
