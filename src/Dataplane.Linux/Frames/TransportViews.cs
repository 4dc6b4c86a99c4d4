using System.Buffers.Binary;

namespace Dataplane.Linux.Frames;

/// <summary>The flag bits of a TCP header (RFC 9293, section 3.1; ECE and CWR: RFC 3168).</summary>
[Flags]
public enum TcpFlags : byte
{
    None = 0,
    Fin = 1,
    Syn = 2,
    Rst = 4,
    Psh = 8,
    Ack = 16,
    Urg = 32,
    Ece = 64,
    Cwr = 128,
}

/// <summary>A TCP header (RFC 9293), as a view of the buffer that holds it.</summary>
public readonly ref struct TcpView
{
    public const int MinLength = 20;
    private readonly ReadOnlySpan<byte> _segment;

    private TcpView(ReadOnlySpan<byte> segment) => _segment = segment;

    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(_segment);

    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(_segment[2..]);

    public uint Sequence => BinaryPrimitives.ReadUInt32BigEndian(_segment[4..]);

    public uint Acknowledgment => BinaryPrimitives.ReadUInt32BigEndian(_segment[8..]);

    public TcpFlags Flags => (TcpFlags)_segment[13];

    /// <summary>What follows the options; empty when they are cut off.</summary>
    public ReadOnlySpan<byte> Payload => _segment[Math.Min((_segment[12] >> 4) * 4, _segment.Length)..];

    /// <summary>False when the fixed header is cut off or the data offset points into it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> transport, out TcpView view)
    {
        var ok = transport.Length >= MinLength && transport[12] >> 4 >= 5;
        view = ok ? new TcpView(transport) : default;
        return ok;
    }
}

/// <summary>A UDP header (RFC 768), as a view of the buffer that holds it.</summary>
public readonly ref struct UdpView
{
    public const int HeaderLength = 8;
    private readonly ReadOnlySpan<byte> _datagram;

    private UdpView(ReadOnlySpan<byte> datagram) => _datagram = datagram;

    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(_datagram);

    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(_datagram[2..]);

    public ReadOnlySpan<byte> Payload => _datagram[HeaderLength..];

    /// <summary>False when the header is cut off or the length is impossible.</summary>
    public static bool TryParse(ReadOnlySpan<byte> transport, out UdpView view)
    {
        view = default;
        if (transport.Length < HeaderLength)
        {
            return false;
        }

        // 0: a jumbogram (RFC 2675).
        int length = BinaryPrimitives.ReadUInt16BigEndian(transport[4..]);
        if (length is > 0 and < HeaderLength)
        {
            return false;
        }

        view = new UdpView(length == 0 ? transport : transport[..Math.Min(length, transport.Length)]);
        return true;
    }
}

/// <summary>The chunks of SCTP (RFC 9260, section 3.2) that open or refuse an association.</summary>
public enum SctpChunkType : byte
{
    Data = 0,
    Init = 1,
    InitAck = 2,
    Abort = 6,
}

/// <summary>
/// The SCTP common header and the header of the first chunk (RFC 9260), as a view of the buffer that holds them.
/// </summary>
public readonly ref struct SctpView
{
    /// <summary>Common header (12 bytes) and chunk header (4 bytes).</summary>
    public const int MinLength = 16;
    private readonly ReadOnlySpan<byte> _packet;

    private SctpView(ReadOnlySpan<byte> packet) => _packet = packet;

    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(_packet);

    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(_packet[2..]);

    public uint VerificationTag => BinaryPrimitives.ReadUInt32BigEndian(_packet[4..]);

    public SctpChunkType ChunkType => (SctpChunkType)_packet[12];

    public byte ChunkFlags => _packet[13];

    /// <summary>
    /// The initiate tag of an INIT or INIT ACK; 0, which is never valid, when it is cut off or the chunk is another.
    /// </summary>
    public uint InitiateTag => ChunkType is SctpChunkType.Init or SctpChunkType.InitAck && _packet.Length >= 20
        ? BinaryPrimitives.ReadUInt32BigEndian(_packet[16..])
        : 0;

    /// <summary>False when the common header or the first chunk's header is cut off.</summary>
    public static bool TryParse(ReadOnlySpan<byte> transport, out SctpView view)
    {
        var ok = transport.Length >= MinLength;
        view = ok ? new SctpView(transport) : default;
        return ok;
    }
}
