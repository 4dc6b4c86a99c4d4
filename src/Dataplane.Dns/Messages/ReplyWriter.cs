using System.Buffers.Binary;

namespace Dataplane.Dns.Messages;

/// <summary>
/// Writes an answer: the question as it was asked, records behind it, and OPT where the client sent one.
/// </summary>
internal ref struct ReplyWriter
{
    /// <summary>The longest answer by UDP, since fragments get lost (DNS flag day 2020).</summary>
    public const int UdpPayload = 1232;

    private const int OptBytes = 11;

    private readonly Span<byte> _into;
    private readonly DnsQuery.Opt? _edns;
    private readonly int _limit;

    /// <param name="into">At least 512 bytes: the question fits, and what else must be said.</param>
    /// <param name="limit">The longest answer, with OPT.</param>
    public ReplyWriter(scoped in DnsQuery query, Span<byte> into, int limit)
    {
        _into = into;
        _edns = query.Edns;
        _limit = Math.Min(limit, into.Length) - (_edns is null ? 0 : OptBytes);
        query.Message.CopyTo(into);
        Length = query.Message.Length;
        // An answer, of the same operation and RD; then no other bit.
        into[2] = (byte)(0x80 | (into[2] & 0x01));
        into[3] = 0;
        into[6..DnsQuery.HeaderBytes].Clear();
    }

    public int Length { get; private set; }

    public readonly bool IsAuthoritative
    {
        set => _into[2] = (byte)(value ? _into[2] | 0x04 : _into[2] & ~0x04);
    }

    /// <summary>The bit RA: a client need not go to another server.</summary>
    public readonly bool OffersRecursion
    {
        set => _into[3] = (byte)(value ? _into[3] | 0x80 : _into[3] & ~0x80);
    }

    /// <summary>The answer to a message that has no question that could be repeated.</summary>
    /// <returns>Its length.</returns>
    public static int Fault(ReadOnlySpan<byte> message, Span<byte> into, ResponseCode code)
    {
        message[..4].CopyTo(into);
        into[2] = (byte)(0x80 | (message[2] & 0x79));
        into[3] = (byte)code;
        into[4..DnsQuery.HeaderBytes].Clear();
        return DnsQuery.HeaderBytes;
    }

    /// <summary>Writes a record into the section that is written now.</summary>
    /// <param name="owner">The place of its name, which stands in the message already.</param>
    /// <returns>False: it does not fit, and nothing is written.</returns>
    public bool TryWrite(int owner, int type, uint ttl, scoped ReadOnlySpan<byte> data)
    {
        if (Length + 12 + data.Length > _limit) return false;
        var record = _into[Length..];
        BinaryPrimitives.WriteUInt16BigEndian(record, (ushort)(0xc000 | owner));
        WriteFields(record[2..], type, ttl, data);
        Length += 12 + data.Length;
        return true;
    }

    /// <summary>The same with a name that is written out.</summary>
    public bool TryWrite(scoped ReadOnlySpan<byte> owner, int type, uint ttl, scoped ReadOnlySpan<byte> data)
    {
        if (Length + owner.Length + 10 + data.Length > _limit) return false;
        owner.CopyTo(_into[Length..]);
        WriteFields(_into[(Length + owner.Length)..], type, ttl, data);
        Length += owner.Length + 10 + data.Length;
        return true;
    }

    /// <summary>Counts records of a section: 0 the answer, 1 the authority, 2 what is added.</summary>
    public readonly void Count(int section, int records)
    {
        var count = _into[(6 + (2 * section))..];
        BinaryPrimitives.WriteUInt16BigEndian(
            count, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(count) + records));
    }

    /// <summary>Takes all records back: by TCP the client gets them.</summary>
    public void Truncate(int question)
    {
        Length = question;
        _into[6..DnsQuery.HeaderBytes].Clear();
        _into[2] |= 0x02;
    }

    /// <summary>Ends the answer.</summary>
    /// <returns>Its length.</returns>
    public int Finish(ResponseCode code)
    {
        _into[3] = (byte)((_into[3] & 0x80) | ((int)code & 0x0f));
        if (_edns is not { } edns) return Length;
        var opt = _into[Length..];
        opt[0] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(opt[1..], 41);
        BinaryPrimitives.WriteUInt16BigEndian(opt[3..], UdpPayload);
        // The rest of the code, version 0, and DO as the client sent it (RFC 3225).
        BinaryPrimitives.WriteUInt32BigEndian(
            opt[5..], ((uint)code >> 4 << 24) | (edns.WantsSignatures ? 0x8000u : 0));
        BinaryPrimitives.WriteUInt16BigEndian(opt[9..], 0);
        Count(2, 1);
        return Length += OptBytes;
    }

    private static void WriteFields(Span<byte> into, int type, uint ttl, ReadOnlySpan<byte> data)
    {
        BinaryPrimitives.WriteUInt16BigEndian(into, (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(into[2..], 1);
        BinaryPrimitives.WriteUInt32BigEndian(into[4..], ttl);
        BinaryPrimitives.WriteUInt16BigEndian(into[8..], (ushort)data.Length);
        data.CopyTo(into[10..]);
    }
}
