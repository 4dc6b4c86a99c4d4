using Dataplane.Dns.Messages;

namespace Dataplane.Dns.Forwarding;

/// <summary>
/// The data of a record of another server, without pointers: a few old types have names in it that may be shortened
/// (RFC 3597 4), and so it could not stand in another message.
/// </summary>
internal static class ForwardedData
{
    /// <returns>Null: it is damaged.</returns>
    public static byte[]? Read(ReadOnlySpan<byte> message, in WireRecord record) => record.Type switch
    {
        1 => Address(message, record, 4),
        28 => Address(message, record, 16),
        // OPT, and what only questions and signatures of messages have (RFC 6895 3.1).
        41 or (>= 128 and <= 255) => null,
        // NS, MD, MF, CNAME, MB, MG, MR, PTR: a name.
        2 or 3 or 4 or 5 or 7 or 8 or 9 or 12 => Names(message, record, 0, 1, 0),
        // MX, AFSDB, RT: a number and a name. SRV, whose name may be shortened by old servers.
        15 or 18 or 21 => Names(message, record, 2, 1, 0),
        33 => Names(message, record, 6, 1, 0),
        // SOA: two names and five numbers.
        6 => Names(message, record, 0, 2, 20),
        // MINFO, RP: two names.
        14 or 17 => Names(message, record, 0, 2, 0),
        // PX: a number and two names.
        26 => Names(message, record, 2, 2, 0),
        _ => message[record.DataPlace..record.End].ToArray(),
    };

    private static byte[]? Address(ReadOnlySpan<byte> message, in WireRecord record, int bytes) =>
        record.End - record.DataPlace == bytes ? message[record.DataPlace..record.End].ToArray() : null;

    private static byte[]? Names(ReadOnlySpan<byte> message, in WireRecord record, int before, int names, int behind)
    {
        if (record.End - record.DataPlace < before + behind) return null;
        Span<byte> data = stackalloc byte[before + (names * WireName.Longest) + behind];
        var at = record.DataPlace + before;
        message[record.DataPlace..at].CopyTo(data);
        var length = before;
        for (; names > 0; names--)
        {
            var name = WireName.Expand(message, at, data[length..]);
            at = WireName.Skip(message, at);
            if (name == 0 || at == 0) return null;
            length += name;
        }
        if (record.End - at != behind) return null;
        message[at..record.End].CopyTo(data[length..]);
        return data[..(length + behind)].ToArray();
    }
}
