using System.Buffers.Binary;

namespace Dataplane.Dns.Messages;

/// <summary>What a message is that came to a server.</summary>
internal enum Parsed
{
    /// <summary>One question.</summary>
    Query,

    /// <summary>An answer, or less than a header: answers to it could go round for ever.</summary>
    Silence,

    Malformed,

    /// <summary>Not a query but a notification, an update or the like.</summary>
    NotImplemented,
}

/// <summary>
/// One question, with its EDNS0 (RFC 1035 4.1, RFC 6891). Nothing is copied, and no pointer is followed: the question's
/// name is the first of the message, so that there is nothing for one to lead to.
/// </summary>
internal readonly ref struct DnsQuery
{
    public const int HeaderBytes = 12;

    /// <summary>What a client takes by UDP that says nothing of EDNS0.</summary>
    public const int PlainPayload = 512;

    /// <summary>More than an OPT and a signature, which nobody sends here.</summary>
    private const int MostAdditional = 8;

    private const int OptType = 41;

    private DnsQuery(ReadOnlySpan<byte> message, int nameLength, Opt? opt)
    {
        Message = message;
        NameLength = nameLength;
        Edns = opt;
    }

    /// <summary>Header and question.</summary>
    public ReadOnlySpan<byte> Message { get; }

    /// <summary>As asked, in the case that it was asked in.</summary>
    public ReadOnlySpan<byte> Name => Message.Slice(HeaderBytes, NameLength);

    public int NameLength { get; }

    public ushort Type => BinaryPrimitives.ReadUInt16BigEndian(Message[(HeaderBytes + NameLength)..]);

    public ushort Class => BinaryPrimitives.ReadUInt16BigEndian(Message[(HeaderBytes + NameLength + 2)..]);

    /// <summary>Null: the client does not know EDNS0.</summary>
    public Opt? Edns { get; }

    /// <param name="PayloadSize">The longest answer by UDP that the client takes.</param>
    /// <param name="WantsSignatures">The bit DO.</param>
    public readonly record struct Opt(ushort PayloadSize, byte Version, bool WantsSignatures);

    public static Parsed Parse(ReadOnlySpan<byte> message, out DnsQuery query)
    {
        query = default;
        if (message.Length < HeaderBytes || (message[2] & 0x80) != 0) return Parsed.Silence;
        if ((message[2] & 0x78) != 0) return Parsed.NotImplemented;
        var additional = Count(message, 10);
        if (Count(message, 4) != 1 || Count(message, 6) != 0 || Count(message, 8) != 0 || additional > MostAdditional)
            return Parsed.Malformed;
        var name = WireName.LengthWithoutPointers(message[HeaderBytes..]);
        var at = HeaderBytes + name + 4;
        if (name == 0 || at > message.Length) return Parsed.Malformed;
        var question = message[..at];
        Opt? opt = null;
        for (; additional > 0; additional--)
        {
            var record = new WireRecord(message, at);
            if (record.End == 0) return Parsed.Malformed;
            if (record.Type == OptType)
            {
                // Of the root, and one at most (RFC 6891 6.1.1).
                if (opt is not null || message[at] != 0) return Parsed.Malformed;
                opt = new Opt(record.Class, (byte)(record.Ttl >> 16), (record.Ttl & 0x8000) != 0);
            }
            at = record.End;
        }
        if (at != message.Length) return Parsed.Malformed;
        query = new DnsQuery(question, name, opt);
        return Parsed.Query;
    }

    private static int Count(ReadOnlySpan<byte> message, int at) => BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
}
