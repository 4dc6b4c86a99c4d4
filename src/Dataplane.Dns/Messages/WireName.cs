using System.Text;

namespace Dataplane.Dns.Messages;

/// <summary>Names as messages have them: labels behind their lengths, and an empty one at the end (RFC 1035
/// 3.1).</summary>
internal static class WireName
{
    /// <summary>Bytes of a name, with lengths and the empty label.</summary>
    public const int Longest = 255;

    public const int LongestLabel = 63;

    /// <summary>The two highest bits of a length that is a pointer.</summary>
    public const byte Pointer = 0xc0;

    /// <param name="name">Without a final dot; empty: the root.</param>
    /// <exception cref="FormatException">A label is empty or too long, or the whole name is.</exception>
    public static byte[] Parse(string name)
    {
        if (name.Length == 0) return [0];
        var wire = new List<byte>(name.Length + 2);
        foreach (var label in name.Split('.'))
        {
            if (label.Length is 0 or > LongestLabel || !Ascii.IsValid(label))
                throw new FormatException($"\"{name}\" is no name in DNS: a label has 1 to 63 characters of ASCII");
            wire.Add((byte)label.Length);
            wire.AddRange(Encoding.ASCII.GetBytes(label));
        }
        wire.Add(0);
        if (wire.Count > Longest)
            throw new FormatException($"\"{name}\" is no name in DNS: it is longer than 253 characters");
        return [.. wire];
    }

    /// <summary>
    /// The length of the name at the beginning, which may not have pointers: nothing stands before it that they could
    /// lead to.
    /// </summary>
    /// <returns>0: it is damaged.</returns>
    public static int LengthWithoutPointers(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length && at < Longest)
        {
            if (bytes[at] == 0) return at + 1;
            if (bytes[at] > LongestLabel) return 0;
            at += bytes[at] + 1;
        }
        return 0;
    }

    /// <summary>The place behind the name at <paramref name="at"/>; a pointer ends it and is not followed.</summary>
    /// <returns>0: it is damaged.</returns>
    public static int Skip(ReadOnlySpan<byte> message, int at)
    {
        for (var start = at; at < message.Length && at - start < Longest; at += message[at] + 1)
        {
            if (message[at] == 0) return at + 1;
            if (message[at] >= Pointer) return at + 2 <= message.Length ? at + 2 : 0;
            if (message[at] > LongestLabel) return 0;
        }
        return 0;
    }

    /// <summary>
    /// The name at <paramref name="at"/>, with what its pointers lead to. Each must lead further back than the one
    /// before, so that the way ends.
    /// </summary>
    /// <param name="into">At least <see cref="Longest"/> bytes.</param>
    /// <returns>Its length; 0: it is damaged.</returns>
    public static int Expand(ReadOnlySpan<byte> message, int at, Span<byte> into)
    {
        var (length, before) = (0, at);
        while (at < message.Length)
        {
            var label = message[at];
            if (label >= Pointer)
            {
                if (at + 2 > message.Length) return 0;
                var to = ((label & ~Pointer) << 8) | message[at + 1];
                if (to >= before) return 0;
                (at, before) = (to, to);
                continue;
            }
            if (label > LongestLabel || at + 1 + label > message.Length || length + 1 + label > Longest) return 0;
            message.Slice(at, label + 1).CopyTo(into[length..]);
            length += label + 1;
            at += label + 1;
            if (label == 0) return length;
        }
        return 0;
    }

    /// <summary>Letters of ASCII in lower case. Lengths are below 64 and so no letters.</summary>
    public static void Lower(ReadOnlySpan<byte> name, Span<byte> into)
    {
        for (var i = 0; i < name.Length; i++)
            into[i] = name[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(name[i] | 0x20) : name[i];
    }

    /// <summary>Where in <paramref name="name"/> the domain begins; -1: the name is not in it. Both in lower
    /// case.</summary>
    public static int PlaceOf(ReadOnlySpan<byte> domain, ReadOnlySpan<byte> name)
    {
        for (var at = 0; name.Length - at >= domain.Length; at += name[at] + 1)
            if (name.Length - at == domain.Length) return name[at..].SequenceEqual(domain) ? at : -1;
        return -1;
    }
}
