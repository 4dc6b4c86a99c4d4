using System.Buffers.Binary;

namespace Dataplane.ApiMachinery.Spdy;

/// <summary>Writes the header blocks of one direction, uncompressed, as one zlib stream.</summary>
internal sealed class HeaderDeflater
{
    /// <summary>Deflate with a window of 32 KiB, and a dictionary (RFC 1950).</summary>
    private const ushort ZlibHeader = 0x7820;

    private bool _begun;

    public byte[] Write(IReadOnlyDictionary<string, string> headers)
    {
        var blocks = StoredBlocks.Of(HeaderBlocks.Format(headers));
        if (_begun)
        {
            return blocks;
        }

        _begun = true;
        var begin = new byte[6];
        BinaryPrimitives.WriteUInt16BigEndian(begin, ZlibHeader);
        BinaryPrimitives.WriteUInt32BigEndian(begin.AsSpan(2), SpdyDictionary.Id);
        return [.. begin, .. blocks];
    }
}
