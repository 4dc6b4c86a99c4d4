using System.Buffers.Binary;

namespace Dataplane.Dns.Messages;

/// <summary>A record in a message (RFC 1035 4.1.3).</summary>
internal readonly ref struct WireRecord
{
    private const int FixedBytes = 10;

    private readonly ReadOnlySpan<byte> _fields;

    /// <param name="at">Where its name begins.</param>
    public WireRecord(ReadOnlySpan<byte> message, int at)
    {
        var name = WireName.Skip(message, at);
        if (name == 0 || name + FixedBytes > message.Length) return;
        _fields = message[name..];
        DataPlace = name + FixedBytes;
        var end = DataPlace + BinaryPrimitives.ReadUInt16BigEndian(_fields[8..]);
        if (end <= message.Length) End = end;
    }

    /// <summary>The place behind it; 0: it is damaged, and has nothing else.</summary>
    public int End { get; }

    public int DataPlace { get; }

    public ushort Type => BinaryPrimitives.ReadUInt16BigEndian(_fields);

    public ushort Class => BinaryPrimitives.ReadUInt16BigEndian(_fields[2..]);

    public uint Ttl => BinaryPrimitives.ReadUInt32BigEndian(_fields[4..]);
}
