using System.Net.Sockets;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
namespace Dataplane.Linux.Rtnetlink;

/// <summary>FR_ACT_*, linux/fib_rules.h.</summary>
public enum RuleAction : byte
{
    /// <summary>FR_ACT_TO_TBL: look in <see cref="Rule.Table"/>.</summary>
    Lookup = 1,
    Goto = 2,
    Nop = 3,
    Blackhole = 6,
    Unreachable = 7,
    Prohibit = 8,
}

/// <summary>One rule of policy routing.</summary>
/// <param name="Family">IPv4 or IPv6: each has its own list.</param>
/// <param name="Priority">Lower comes first; 0 is the local table's, 32766 the main table's.</param>
public readonly record struct Rule(AddressFamily Family, uint Priority)
{
    public RuleAction Action { get; init; } = RuleAction.Lookup;

    /// <summary>For <see cref="RuleAction.Lookup"/>.</summary>
    public uint Table { get; init; }

    /// <summary>FRA_FWMARK with FRA_FWMASK; mask 0 asks for no mark.</summary>
    public uint Mark { get; init; }

    public uint Mask { get; init; }

    /// <summary>The name of the incoming interface, which need not exist yet; null for any.</summary>
    public string? InInterface { get; init; }
}

/// <summary>RTM_*RULE: each method appends one message to the batch; the caller sends.</summary>
public static class Rules
{
    public static void Add(NetlinkWriter writer, in Rule rule) =>
        Write(writer, Rtm.RTM_NEWRULE, Request.CreateNew, rule);

    public static void Delete(NetlinkWriter writer, in Rule rule) =>
        Write(writer, Rtm.RTM_DELRULE, Request.Change, rule);

    /// <summary>The rules of one family in the order of evaluation.</summary>
    public static IReadOnlyList<Rule> Dump(NetlinkSocket socket, AddressFamily family) =>
        socket.DumpAll<fib_rule_hdr, Rule>(
        Rtm.RTM_GETRULE, new fib_rule_hdr { family = NetlinkFamily.Of(family) }, "list routing rules", static body =>
            Parse(body));

    /// <summary>Reads an RTM_NEWRULE body.</summary>
    /// <exception cref="InvalidDataException">It is cut short.</exception>
    public static Rule Parse(ReadOnlySpan<byte> body)
    {
        var header = MessageReader.Header<fib_rule_hdr>(body);
        var family = header.family == Libc.AF_INET ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        var rule = new Rule(family, 0) { Action = (RuleAction)header.action, Table = header.table };
        var attributes = MessageReader.Attributes<fib_rule_hdr>(body);
        while (attributes.Read())
        {
            rule = attributes.Type switch
            {
                Fra.FRA_PRIORITY => rule with { Priority = attributes.U32() },
                Fra.FRA_TABLE => rule with { Table = attributes.U32() },
                Fra.FRA_FWMARK => rule with { Mark = attributes.U32() },
                Fra.FRA_FWMASK => rule with { Mask = attributes.U32() },
                Fra.FRA_IIFNAME => rule with { InInterface = attributes.String() },
                _ => rule,
            };
        }

        return rule;
    }

    private static void Write(NetlinkWriter writer, ushort type, ushort flags, in Rule rule)
    {
        writer.Begin(type, flags, new fib_rule_hdr
        {
            family = NetlinkFamily.Of(rule.Family),
            table = rule.Table <= byte.MaxValue ? (byte)rule.Table : Rta.RT_TABLE_UNSPEC,
            action = (byte)rule.Action,
        });
        writer.U32(Fra.FRA_PRIORITY, rule.Priority);
        if (rule.Action == RuleAction.Lookup)
        {
            writer.U32(Fra.FRA_TABLE, rule.Table);
        }

        if (rule.Mask != 0)
        {
            writer.U32(Fra.FRA_FWMARK, rule.Mark);
            writer.U32(Fra.FRA_FWMASK, rule.Mask);
        }

        if (rule.InInterface is { } name)
        {
            writer.String(Fra.FRA_IIFNAME, name);
        }

        writer.End();
    }
}
