using System.Globalization;
using System.Net;
using Dataplane.Dns.Messages;
using Dataplane.Services.Names;

namespace Dataplane.Dns.Feeding;

/// <summary>
/// The lines between daemon and server, version 1, each of ASCII and ended by a line feed:
/// <code>
/// dataplane-dns 1               the daemon, once for each connection
/// snapshot N                    what follows replaces all names, at its end and at once
/// delta N                       what follows is removed (-) and added (+), each name at once
/// + A NAME ADDRESS              AAAA likewise
/// - SRV NAME PORT TARGET
/// + PTR NAME TARGET             CNAME likewise
/// end                           of a snapshot or delta
/// applied N                     the server, for each of them
/// error TEXT                    the server, before it ends the connection; what it had stays
/// </code>
/// N counts the states of the daemon, from 1 on. A connection begins with a snapshot.
/// </summary>
internal static class FeedLine
{
    public const string Greeting = "dataplane-dns 1", End = "end", Snapshot = "snapshot", Delta = "delta",
        Applied = "applied", Error = "error";

    /// <summary>Characters of a line: two names, and some words.</summary>
    public const int Longest = 1024;

    public static string Of(char sign, NameRecord record) => record.Kind switch
    {
        RecordKind.A => $"{sign} A {record.Name} {record.Address}",
        RecordKind.Aaaa => $"{sign} AAAA {record.Name} {record.Address}",
        RecordKind.Srv => string.Create(
            CultureInfo.InvariantCulture, $"{sign} SRV {record.Name} {record.Port} {record.Target}"),
        RecordKind.Ptr => $"{sign} PTR {record.Name} {record.Target}",
        RecordKind.Cname => $"{sign} CNAME {record.Name} {record.Target}",
        _ => throw new ArgumentOutOfRangeException(nameof(record), record.Kind, null),
    };

    /// <exception cref="FormatException">It is no line of a record, or of one that no message can have.</exception>
    public static (bool IsAdded, NameRecord Record) Parse(string line)
    {
        var (isAdded, record) = Read(line);
        _ = WireName.Parse(record.Name);
        if (record.Target is not null) _ = WireName.Parse(record.Target);
        return (isAdded, record);
    }

    private static (bool IsAdded, NameRecord Record) Read(string line) => line.Split(' ') switch
    {
        [var sign and ("+" or "-"), "A" or "AAAA", var name, var address]
            when IPAddress.TryParse(address, out var parsed) => (sign == "+", NameRecord.Of(name, parsed)),
        [var sign and ("+" or "-"), "SRV", var name, var port, var target]
            when ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) =>
            (sign == "+", NameRecord.Service(name, number, target)),
        [var sign and ("+" or "-"), "PTR", var name, var target] =>
            (sign == "+", new NameRecord(name, RecordKind.Ptr, Target: target)),
        [var sign and ("+" or "-"), "CNAME", var name, var target] => (sign == "+", NameRecord.Alias(name, target)),
        _ => throw new FormatException($"no line of a record: {line}"),
    };
}
