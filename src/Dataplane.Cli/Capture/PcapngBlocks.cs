using System.Buffers.Binary;

namespace Dataplane.Cli.Capture;

/// <summary>
/// Copies a pcapng file (draft-ietf-opsawg-pcapng, section 3.1) block by block: type and total length, 32 bits each,
/// then the rest. A copy that ends between two blocks is a valid file.
/// </summary>
internal sealed class PcapngBlocks(Stream source, Stream target)
{
    private const uint EnhancedPacket = 6;
    private const int Header = 8, Smallest = 12, Largest = 1 << 24;

    private byte[] _buffer = new byte[1 << 16];

    public int Packets { get; private set; }

    /// <returns>False if the source has ended between two blocks.</returns>
    /// <exception cref="IOException">The source ended inside a block, or is not pcapng in this machine's byte
    /// order.</exception>
    public async Task<bool> CopyOne(CancellationToken stop)
    {
        var got = await source.ReadAtLeastAsync(_buffer.AsMemory(0, Header), Header, throwOnEndOfStream: false, stop);
        if (got == 0) return false;
        if (got < Header) throw new EndOfStreamException();
        var length = BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(4));
        if (length is < Smallest or > Largest || length % 4 != 0)
            throw new IOException($"a pcapng block cannot have {length} bytes");
        if (length > _buffer.Length) Array.Resize(ref _buffer, length);
        await source.ReadExactlyAsync(_buffer.AsMemory(Header, length - Header), stop);
        await target.WriteAsync(_buffer.AsMemory(0, length), CancellationToken.None);
        await target.FlushAsync(CancellationToken.None);
        if (BinaryPrimitives.ReadUInt32LittleEndian(_buffer) == EnhancedPacket) Packets++;
        return true;
    }
}
