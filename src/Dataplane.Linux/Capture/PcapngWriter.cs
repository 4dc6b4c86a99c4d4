using System.Buffers.Binary;
using System.Text;

namespace Dataplane.Linux.Capture;

/// <summary>
/// Writes a capture file in the pcapng format (IETF draft-ietf-opsawg-pcapng), which tcpdump and Wireshark read:
/// several interfaces by name, nanoseconds, a direction and a comment per frame. Little-endian; Ethernet frames only.
/// Not thread-safe.
/// </summary>
public sealed class PcapngWriter : IDisposable
{
    private const uint SectionHeader = 0x0a0d0d0a, InterfaceDescription = 1, InterfaceStatistics = 5,
        EnhancedPacket = 6, ByteOrderMagic = 0x1a2b3c4d;
    private const ushort LinkTypeEthernet = 1;
    private const ushort EndOfOptions = 0, Comment = 1, InterfaceName = 2, PacketFlags = 2, UserApplication = 4,
        Received = 4, Dropped = 5, TimestampResolution = 9;
    private const byte Nanoseconds = 9;

    private readonly Stream _stream;
    private byte[] _block = new byte[1024];
    private int _length;
    private int _interfaces;

    /// <param name="stream">Takes the file from its first byte on; disposed with the writer.</param>
    /// <param name="application">Named as the program that captured.</param>
    public PcapngWriter(Stream stream, string application)
    {
        _stream = stream;
        Begin(SectionHeader);
        Write32(ByteOrderMagic);
        Write16(1); // version 1.0
        Write16(0);
        Write32(uint.MaxValue); // section length unknown: 64 bits of ones
        Write32(uint.MaxValue);
        WriteOption(UserApplication, application);
        End(hasOptions: true);
    }

    /// <summary>Adds an interface, which its frames then name.</summary>
    /// <param name="snapLength">The most bytes kept of a frame; 0: no limit.</param>
    public PcapngInterface AddInterface(string name, int snapLength = 0)
    {
        Begin(InterfaceDescription);
        Write16(LinkTypeEthernet);
        Write16(0);
        Write32((uint)snapLength);
        WriteOption(InterfaceName, name);
        WriteOption(TimestampResolution, [Nanoseconds]);
        End(hasOptions: true);
        return new PcapngInterface(_interfaces++);
    }

    /// <summary>Adds a frame.</summary>
    /// <param name="on">From <see cref="AddInterface"/>.</param>
    /// <param name="timestampNanoseconds">Since the Unix epoch.</param>
    /// <param name="data">What was captured of the frame.</param>
    /// <param name="length">Length of the whole frame in bytes, at least that of <paramref name="data"/>.</param>
    /// <param name="direction">Written as epb_flags where it is known.</param>
    /// <param name="comment">Shown by Wireshark beside the frame; at most 65,535 bytes of UTF-8, cut beyond.</param>
    /// <exception cref="ArgumentOutOfRangeException">An interface that was not added.</exception>
    public void Write(
        PcapngInterface on, long timestampNanoseconds, ReadOnlySpan<byte> data, int length,
        CaptureDirection direction = CaptureDirection.Both, string? comment = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(on.Number, nameof(on));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(on.Number, _interfaces, nameof(on));
        ArgumentOutOfRangeException.ThrowIfLessThan(length, data.Length);
        Begin(EnhancedPacket);
        Write32((uint)on.Number);
        Write32((uint)(timestampNanoseconds >> 32));
        Write32((uint)timestampNanoseconds);
        Write32((uint)data.Length);
        Write32((uint)length);
        WritePadded(data);
        if (direction != CaptureDirection.Both)
        {
            Span<byte> flags = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(flags, direction == CaptureDirection.Incoming ? 1u : 2u);
            WriteOption(PacketFlags, flags);
        }

        if (comment is not null)
        {
            WriteOption(Comment, comment);
        }

        End(hasOptions: direction != CaptureDirection.Both || comment is not null);
    }

    /// <summary>Says how many frames an interface had so far, and how many of them are missing here.</summary>
    /// <param name="on">From <see cref="AddInterface"/>.</param>
    /// <param name="timestampNanoseconds">Since the Unix epoch.</param>
    public void WriteStatistics(PcapngInterface on, long timestampNanoseconds, CaptureStatistics statistics)
    {
        Begin(InterfaceStatistics);
        Write32((uint)on.Number);
        Write32((uint)(timestampNanoseconds >> 32));
        Write32((uint)timestampNanoseconds);
        Span<byte> count = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(count, statistics.Received);
        WriteOption(Received, count);
        BinaryPrimitives.WriteInt64LittleEndian(count, statistics.Dropped);
        WriteOption(Dropped, count);
        End(hasOptions: true);
    }

    public void Flush() => _stream.Flush();

    public void Dispose() => _stream.Dispose();

    private void Begin(uint type)
    {
        _length = 0;
        Write32(type);
        Write32(0); // the length, known at the end
    }

    private void End(bool hasOptions)
    {
        if (hasOptions)
        {
            WriteOption(EndOfOptions, []);
        }

        Write32((uint)_length + 4);
        BinaryPrimitives.WriteUInt32LittleEndian(_block.AsSpan(4), (uint)_length);
        _stream.Write(_block.AsSpan(0, _length));
    }

    private void WriteOption(ushort code, string text)
    {
        // UTF-8 is cut between characters: a whole rune never straddles the end.
        var bytes = new byte[Math.Min(Encoding.UTF8.GetMaxByteCount(text.Length), ushort.MaxValue)];
        System.Text.Unicode.Utf8.FromUtf16(text, bytes, out _, out var written);
        WriteOption(code, bytes.AsSpan(0, written));
    }

    private void WriteOption(ushort code, ReadOnlySpan<byte> value)
    {
        Write16(code);
        Write16((ushort)value.Length);
        WritePadded(value);
    }

    private void WritePadded(ReadOnlySpan<byte> bytes)
    {
        var padded = (bytes.Length + 3) & -4;
        var room = Room(padded);
        bytes.CopyTo(room);
        room[bytes.Length..].Clear();
    }

    private void Write16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Room(2), value);

    private void Write32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Room(4), value);

    private Span<byte> Room(int length)
    {
        if (_block.Length < _length + length)
        {
            Array.Resize(ref _block, Math.Max(_block.Length * 2, _length + length));
        }

        _length += length;
        return _block.AsSpan(_length - length, length);
    }
}
