using System.Buffers.Binary;

namespace Dataplane.ApiMachinery.Spdy;

/// <summary>Bytes as deflate carries them uncompressed (RFC 1951, section 3.2.4).</summary>
internal static class StoredBlocks
{
    /// <returns>A block that is not the last, and an empty one after it, at which inflaters hand out what they have.
    /// </returns>
    /// <param name="bytes">At most 65535.</param>
    public static byte[] Of(ReadOnlySpan<byte> bytes)
    {
        const int Head = 5;
        var blocks = new byte[Head + bytes.Length + Head];
        WriteHead(blocks, checked((ushort)bytes.Length));
        bytes.CopyTo(blocks.AsSpan(Head));
        WriteHead(blocks.AsSpan(Head + bytes.Length), 0);
        return blocks;
    }

    private static void WriteHead(Span<byte> head, ushort length)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(head[1..], length);
        BinaryPrimitives.WriteUInt16LittleEndian(head[3..], (ushort)~length);
    }
}
