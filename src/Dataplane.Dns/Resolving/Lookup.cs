using System.Buffers.Binary;
using System.Net;
using System.Text;
using Dataplane.Dns.Answers;
using Dataplane.Dns.Messages;
using Dataplane.Dns.Zones;
using Dataplane.Services.Names;

namespace Dataplane.Dns.Resolving;

/// <summary>What was answered to one question.</summary>
/// <param name="Code">As dig says it: NOERROR, NXDOMAIN, REFUSED.</param>
/// <param name="Records">The data of the answer's records, aliases first; empty: there is no such record.</param>
public sealed record LookupAnswer(string Code, IReadOnlyList<string> Records)
{
    /// <summary>The name is of elsewhere: another server would be asked.</summary>
    public bool IsElsewhere => Code == "REFUSED";
}

/// <summary>What the name server would answer, without packets: the same code answers.</summary>
public sealed class Lookup
{
    private readonly Answerer _answerer;

    public Lookup(IReadOnlyCollection<NameRecord> records)
    {
        var zone = new Zone();
        zone.Apply([], [.. records]);
        _answerer = new Answerer(() => zone, forwards: false);
    }

    /// <exception cref="FormatException">It is no name in DNS.</exception>
    public LookupAnswer Ask(string name, RecordKind kind)
    {
        byte[] query = [0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. WireName.Parse(name), 0, (byte)kind, 0, 1];
        var reply = new byte[ushort.MaxValue];
        var length = _answerer.Answer(query, reply, isUdp: false, turn: 0).Length;
        var message = reply.AsSpan(0, length);
        var (records, at) = (new List<string>(), query.Length);
        for (var left = BinaryPrimitives.ReadUInt16BigEndian(message[6..]); left > 0; left--)
        {
            var record = new WireRecord(message, at);
            records.Add(Text(message, record));
            at = record.End;
        }
        var code = (ResponseCode)(message[3] & 0x0f) switch
        {
            ResponseCode.NoError => "NOERROR",
            ResponseCode.NoSuchName => "NXDOMAIN",
            ResponseCode.Refused => "REFUSED",
            _ => "SERVFAIL",
        };
        return new LookupAnswer(code, records);
    }

    private static string Text(ReadOnlySpan<byte> message, in WireRecord record) => (RecordKind)record.Type switch
    {
        RecordKind.A or RecordKind.Aaaa => new IPAddress(message[record.DataPlace..record.End]).ToString(),
        RecordKind.Srv => $"{BinaryPrimitives.ReadUInt16BigEndian(message[(record.DataPlace + 4)..])} "
            + Name(message, record.DataPlace + RecordData.TargetOfService),
        RecordKind.Txt => Encoding.ASCII.GetString(message[(record.DataPlace + 1)..record.End]),
        _ => Name(message, record.DataPlace),
    };

    private static string Name(ReadOnlySpan<byte> message, int at)
    {
        var wire = new byte[WireName.Longest];
        WireName.Expand(message, at, wire);
        var labels = new List<string>();
        for (var i = 0; wire[i] != 0; i += wire[i] + 1) labels.Add(Encoding.ASCII.GetString(wire, i + 1, wire[i]));
        return string.Join('.', labels);
    }
}
