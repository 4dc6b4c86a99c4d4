using Dataplane.Linux.Netlink;
using static Dataplane.Linux.Nftables.NftKernel;

namespace Dataplane.Linux.Nftables;

/// <summary>A rule as the kernel keeps it.</summary>
/// <param name="Handle">What <see cref="NftBatch.DeleteRule"/> takes.</param>
/// <param name="Packets">Value of its first counter; null without one.</param>
public readonly record struct NftRuleInfo(string Chain, ulong Handle, ulong? Packets);

/// <summary>Reads the rules back.</summary>
public static class NftRules
{
    /// <summary>All rules of a table, those of a chain in their order; none if there is no such table.</summary>
    public static IReadOnlyList<NftRuleInfo> Dump(NetlinkSocket socket, NftFamily family, string table)
    {
        using var request = socket.NewBatch(256);
        request.Begin(
            MessageType(NFT_MSG_GETRULE), NetlinkFlags.Request | NetlinkFlags.Dump, NftBatch.Header((byte)family));
        request.String(NFTA_RULE_TABLE, table); // only this one
        return socket.DumpAll<NftRuleInfo>(request, $"list the rules of {table}", static body => Parse(body));
    }

    private static NftRuleInfo Parse(ReadOnlySpan<byte> body)
    {
        var rule = new NftRuleInfo("", 0, null);
        var attributes = MessageReader.Attributes<nfgenmsg>(body);
        while (attributes.Read())
        {
            rule = attributes.Type switch
            {
                NFTA_RULE_CHAIN => rule with { Chain = attributes.String() },
                NFTA_RULE_HANDLE => rule with { Handle = attributes.U64Be() },
                NFTA_RULE_EXPRESSIONS => rule with { Packets = Counter(attributes.Nested()) },
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
                if (expression.Type == NFTA_EXPR_NAME) isCounter = expression.String() == "counter";
                else if (expression.Type == NFTA_EXPR_DATA && isCounter) return Packets(expression.Nested());
            }
        }
        return null;
    }

    private static ulong? Packets(AttributeReader counter)
    {
        while (counter.Read())
            if (counter.Type == NFTA_COUNTER_PACKETS) return counter.U64Be();
        return null;
    }
}
