using System.Buffers.Binary;

namespace Dataplane.ApiMachinery.Spdy;

/// <summary>The first eight bytes of a frame.</summary>
/// <param name="Type">Null: data.</param>
/// <param name="Stream">Of data; else 0.</param>
/// <param name="Length">Of what follows, in bytes.</param>
internal readonly record struct FrameHead(FrameType? Type, uint Stream, byte Flags, int Length)
{
    public const int Bytes = 8;

    /// <summary>The sender sends no more on the stream.</summary>
    public const byte Fin = 1;

    private const uint Control = 0x8003_0000;

    public bool IsLast => (Flags & Fin) != 0;

    /// <exception cref="SpdyException">Of another version.</exception>
    public static FrameHead Parse(ReadOnlySpan<byte> head)
    {
        var (first, second) = (BinaryPrimitives.ReadUInt32BigEndian(head),
            BinaryPrimitives.ReadUInt32BigEndian(head[4..]));
        var (flags, length) = ((byte)(second >> 24), (int)(second & 0xFF_FFFF));
        if (first >> 31 == 0)
        {
            return new FrameHead(null, first, flags, length);
        }

        return (first & 0xFFFF_0000) == Control ? new FrameHead((FrameType)(ushort)first, 0, flags, length)
            : throw new SpdyException("a frame is not of SPDY version 3");
    }

    /// <summary>A whole frame.</summary>
    public static byte[] Frame(FrameType type, byte flags, ReadOnlySpan<byte> payload) =>
        Frame(Control | (uint)type, flags, payload);

    /// <summary>A whole frame of data.</summary>
    public static byte[] Data(uint stream, byte flags, ReadOnlySpan<byte> payload) => Frame(stream, flags, payload);

    private static byte[] Frame(uint first, byte flags, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[Bytes + payload.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, first);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(4), (uint)flags << 24 | (uint)payload.Length);
        payload.CopyTo(frame.AsSpan(Bytes));
        return frame;
    }
}
