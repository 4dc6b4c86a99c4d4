using Dataplane.Linux.Netlink;
using static Dataplane.Linux.Nftables.NftKernel;

namespace Dataplane.Linux.Nftables;

/// <summary>The kind of a trace message, NFT_TRACETYPE_*.</summary>
public enum NftTraceType
{
    /// <summary>The policy at the end of a base chain.</summary>
    Policy = NftValues.NFT_TRACETYPE_POLICY,

    /// <summary>The end of a chain that was jumped to.</summary>
    Return = NftValues.NFT_TRACETYPE_RETURN,

    /// <summary>A rule that matched to its end. Rules that did not match leave no message.</summary>
    Rule = NftValues.NFT_TRACETYPE_RULE,
}

/// <summary>One step of a traced packet (NFT_MSG_TRACE).</summary>
/// <param name="Id">The same for all steps of a packet, in all tables.</param>
/// <param name="RuleHandle">Of a rule; else 0.</param>
/// <param name="Verdict">The verdict of the rule or policy; continue where evaluation goes to the next rule.</param>
/// <param name="Target">Of jump and goto.</param>
/// <param name="Mark">The packet's mark before the rule; null if it is 0.</param>
public readonly record struct NftTraceMessage(
    uint Id, NftFamily Family, string Table, string Chain, NftTraceType Type, ulong RuleHandle, NftVerdict Verdict,
        string? Target, uint? Mark)
{
    /// <summary>Reads a message's body.</summary>
    /// <exception cref="InvalidDataException">The message is too short.</exception>
    public static NftTraceMessage Parse(ReadOnlySpan<byte> body)
    {
        var message = new NftTraceMessage(0, (NftFamily)MessageReader.Header<nfgenmsg>(body).nfgen_family, "", "", 0, 0,
            NftVerdict.Continue, null, null);
        var attributes = MessageReader.Attributes<nfgenmsg>(body);
        while (attributes.Read())
        {
            message = attributes.Type switch
            {
                NFTA_TRACE_ID => message with { Id = attributes.U32Be() },
                NFTA_TRACE_TABLE => message with { Table = attributes.String() },
                NFTA_TRACE_CHAIN => message with { Chain = attributes.String() },
                NFTA_TRACE_TYPE => message with { Type = (NftTraceType)attributes.U32Be() },
                NFTA_TRACE_RULE_HANDLE => message with { RuleHandle = attributes.U64Be() },
                NFTA_TRACE_MARK => message with { Mark = attributes.U32Be() },
                NFTA_TRACE_POLICY => message with { Verdict = (NftVerdict)attributes.U32Be() },
                NFTA_TRACE_VERDICT => message.WithVerdict(attributes.Nested()),
                _ => message,
            };
        }

        return message;
    }

    private NftTraceMessage WithVerdict(AttributeReader attributes)
    {
        var message = this;
        while (attributes.Read())
        {
            message = attributes.Type switch
            {
                NFTA_VERDICT_CODE => message with { Verdict = (NftVerdict)attributes.U32Be() },
                NFTA_VERDICT_CHAIN => message with { Target = attributes.String() },
                _ => message,
            };
        }

        return message;
    }
}
