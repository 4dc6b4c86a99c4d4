using System.Buffers.Binary;
using System.Net;
using System.Text;
using Dataplane.Linux.Nftables;
using Dataplane.Rules.Nftables.Model;

namespace Dataplane.Rules.Nftables.Render;

/// <summary>
/// Writes tables in nft's grammar, ready for <c>nft -f</c>. Table flags are left out: nft 1.0.6 lists a persistent
/// table without an owner with an empty flags line that it cannot read again, and an owned table belongs to the process
/// that loads it.
/// </summary>
public static class NftTextRenderer
{
    public static string Render(IEnumerable<NftTable> tables)
    {
        var text = new StringBuilder();
        foreach (var table in tables) Table(text, table);
        return text.ToString();
    }

    /// <summary>One rule on one line, as in its chain.</summary>
    public static string Render(NftRule rule) => string.Join(' ', rule.Statements.Select(s => s.Text))
        + (rule.Comment is null ? "" : $" comment \"{rule.Comment}\"");

    private static void Table(StringBuilder text, NftTable table)
    {
        text.Append("table ").Append(Word(table.Family)).Append(' ').Append(table.Name).Append(" {\n");
        text.Append("\tcomment \"").Append(table.Comment).Append("\"\n");
        foreach (var set in table.Sets) Set(text, set);
        foreach (var chain in table.Chains) Chain(text, chain);
        text.Append("}\n");
    }

    private static void Set(StringBuilder text, NftSet set)
    {
        text.Append('\n').Append(set.Data is null ? "\tset " : "\tmap ").Append(set.Name).Append(" {\n\t\ttype ");
        text.AppendJoin(" . ", set.Key.Select(t => t.Name));
        if (set.Data is not null) text.Append(" : ").Append(set.Data.Name);
        text.Append('\n');
        if (set.Size is { } size) text.Append("\t\tsize ").Append(size).Append('\n');
        if (set.IsInterval) text.Append("\t\tflags interval\n");
        if (set.Lifetime is { } lifetime) Lifetime(text, lifetime);
        if (set.Elements.Count > 0)
        {
            text.Append("\t\telements = {\n");
            foreach (var element in set.Elements) Element(text.Append("\t\t\t"), set, element).Append(",\n");
            text.Append("\t\t}\n");
        }
        text.Append("\t}\n");
    }

    private static void Lifetime(StringBuilder text, NftLifetime lifetime)
    {
        string?[] flags = [lifetime.ByRules ? "dynamic" : null, lifetime.Timeout is null ? null : "timeout"];
        text.Append("\t\tsize ").Append(lifetime.Size).Append("\n\t\tflags ").AppendJoin(',', flags.OfType<string>())
            .Append('\n');
        if (lifetime.Timeout is { } timeout) text.Append("\t\ttimeout ").Append(timeout.TotalSeconds).Append("s\n");
    }

    private static StringBuilder Element(StringBuilder text, NftSet set, NftElement element)
    {
        var at = 0;
        for (var i = 0; i < set.Key.Count; i++)
        {
            var type = set.Key[i];
            if (i > 0) text.Append(" . ");
            var networkOrder = set.IsInterval && set.IsConcatenation;
            Value(text, type, element.Key.AsSpan(at, type.Length), networkOrder);
            var first = element.Key.AsSpan(at, type.Length);
            if (element.Last is { } last && !last.AsSpan(at, type.Length).SequenceEqual(first))
                Value(text.Append('-'), type, last.AsSpan(at, type.Length), networkOrder);
            at += type.PaddedLength;
        }
        // nft wants the comment before the colon.
        if (element.Comment is not null) text.Append(" comment \"").Append(element.Comment).Append('"');
        if (element.Goto is not null) text.Append(" : goto ").Append(element.Goto);
        else if (set.Data is not null) Value(text.Append(" : "), set.Data, element.Data, false);
        return text;
    }

    private static void Value(StringBuilder text, NftType type, ReadOnlySpan<byte> bytes, bool networkOrder)
    {
        if (type == NftType.Ipv4 || type == NftType.Ipv6)
        {
            text.Append(new IPAddress(bytes));
        }
        else if (type == NftType.Ipv4AndPort || type == NftType.Ipv6AndPort)
        {
            Value(text, type == NftType.Ipv4AndPort ? NftType.Ipv4 : NftType.Ipv6, bytes[..^4], networkOrder);
            Value(text.Append(" . "), NftType.Port, bytes[^4..], networkOrder);
        }
        else if (type == NftType.Ether)
        {
            text.AppendJoin(':', bytes.ToArray().Select(b => b.ToString("x2")));
        }
        else if (type == NftType.InterfaceIndex)
        {
            text.Append(BitConverter.ToUInt32(bytes));
        }
        else if (type == NftType.Port)
        {
            text.Append(BinaryPrimitives.ReadUInt16BigEndian(bytes));
        }
        else if (type == NftType.Protocol)
        {
            text.Append(bytes[0]);
        }
        else if (type == NftType.NfProto)
        {
            text.Append(bytes[0] == 2 ? "ipv4" : "ipv6");
        }
        else
        {
            text.Append((type == NftType.ClassId ? NftRegister.Priority : NftRegister.Mark)
                .Value(Number(bytes, networkOrder)));
        }
    }

    private static uint Number(ReadOnlySpan<byte> bytes, bool networkOrder) =>
        networkOrder ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BitConverter.ToUInt32(bytes);

    private static void Chain(StringBuilder text, NftChain chain)
    {
        text.Append("\n\tchain ").Append(chain.Name).Append(" {\n");
        if (chain.Hook is { } hook)
        {
            text.Append(
                $"\t\ttype {hook.Type} hook {Word(hook.Hook)} priority {hook.Priority}; policy {Word(hook.Policy)};\n");
        }
        foreach (var rule in chain.Rules) text.Append("\t\t").Append(Render(rule)).Append('\n');
        text.Append("\t}\n");
    }

    /// <summary>A name of an enumeration as nft spells it.</summary>
    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
