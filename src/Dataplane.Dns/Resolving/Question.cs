using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;
using Dataplane.Dns.Messages;
using Dataplane.Dns.Zones;
using Dataplane.Services.Names;

namespace Dataplane.Dns.Resolving;

/// <summary>What was answered to one question.</summary>
/// <param name="Code">As dig says it: NOERROR, NXDOMAIN, REFUSED.</param>
/// <param name="Records">The data of the answer's records, aliases first; empty: there is no such record.</param>
public sealed record LookupAnswer(string Code, IReadOnlyList<string> Records)
{
    /// <summary>The server has more to say than fits: it is to be asked by TCP.</summary>
    public bool IsTruncated { get; init; }
}

/// <summary>One question, and what answers to it say (RFC 1035 4).</summary>
public sealed class Question
{
    private const byte IsResponse = 0x80, IsTruncated = 0x02;

    private readonly byte[] _bytes;

    /// <param name="id">Any number: an answer has the same.</param>
    /// <param name="name">Without a final dot.</param>
    /// <exception cref="FormatException">It is no name in DNS.</exception>
    public Question(ushort id, string name, RecordKind kind) => _bytes =
    [
        (byte)(id >> 8), (byte)id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. WireName.Parse(name), 0, (byte)kind, 0, 1,
    ];

    /// <summary>The message that asks it.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <param name="message">From anybody.</param>
    /// <returns>Null: it is no answer to this question, or damaged.</returns>
    public LookupAnswer? Read(ReadOnlySpan<byte> message)
    {
        if (message.Length < _bytes.Length || !message[..2].SequenceEqual(_bytes.AsSpan(0, 2))
            || (message[2] & IsResponse) == 0 || !IsRepeated(message))
        {
            return null;
        }
        var (records, at) = (new List<string>(), _bytes.Length);
        for (var left = BinaryPrimitives.ReadUInt16BigEndian(message[6..]); left > 0; left--)
        {
            var record = new WireRecord(message, at);
            if (record.End == 0 || Text(message, record) is not { } text) return null;
            records.Add(text);
            at = record.End;
        }
        return new LookupAnswer(Code(message[3] & 0x0f), records)
        {
            IsTruncated = (message[2] & IsTruncated) != 0,
        };
    }

    /// <summary>Whether a message has this question; its letters may be of the other case.</summary>
    private bool IsRepeated(ReadOnlySpan<byte> message)
    {
        var (asked, repeated) = (new byte[_bytes.Length], new byte[_bytes.Length]);
        WireName.Lower(_bytes, asked);
        WireName.Lower(message[.._bytes.Length], repeated);
        return BinaryPrimitives.ReadUInt16BigEndian(message[4..]) == 1 && repeated.AsSpan(DnsQuery.HeaderBytes)
            .SequenceEqual(asked.AsSpan(DnsQuery.HeaderBytes));
    }

    private static string Code(int number) => (ResponseCode)number switch
    {
        ResponseCode.NoError => "NOERROR",
        ResponseCode.FormatError => "FORMERR",
        ResponseCode.ServerFailure => "SERVFAIL",
        ResponseCode.NoSuchName => "NXDOMAIN",
        ResponseCode.NotImplemented => "NOTIMP",
        ResponseCode.Refused => "REFUSED",
        _ => string.Create(CultureInfo.InvariantCulture, $"RCODE{number}"),
    };

    /// <returns>Null: it is damaged.</returns>
    private static string? Text(ReadOnlySpan<byte> message, in WireRecord record)
    {
        var data = message[record.DataPlace..record.End];
        switch ((RecordKind)record.Type)
        {
            case RecordKind.A or RecordKind.Aaaa:
                return data.Length is 4 or 16 ? new IPAddress(data).ToString() : null;
            case RecordKind.Srv when data.Length > RecordData.TargetOfService:
                return Name(message, record.DataPlace + RecordData.TargetOfService) is { } target
                    ? string.Create(CultureInfo.InvariantCulture,
                        $"{BinaryPrimitives.ReadUInt16BigEndian(data[4..])} {target}") : null;
            case RecordKind.Txt when data.Length > 0 && data.Length > data[0]:
                return Encoding.ASCII.GetString(data[1..(data[0] + 1)]);
            case RecordKind.Cname or RecordKind.Ns or RecordKind.Ptr or RecordKind.Soa:
                return Name(message, record.DataPlace);
            default:
                return string.Create(CultureInfo.InvariantCulture, $"TYPE{record.Type}");
        }
    }

    private static string? Name(ReadOnlySpan<byte> message, int at)
    {
        var wire = new byte[WireName.Longest];
        if (WireName.Expand(message, at, wire) == 0) return null;
        var labels = new List<string>();
        for (var i = 0; wire[i] != 0; i += wire[i] + 1) labels.Add(Encoding.ASCII.GetString(wire, i + 1, wire[i]));
        return string.Join('.', labels);
    }
}
