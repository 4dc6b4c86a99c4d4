using System.Buffers.Binary;
using System.IO.Compression;

namespace Dataplane.ApiMachinery.Spdy;

/// <summary>
/// Inflates the header blocks of one direction: one zlib stream, flushed after each block. The dictionary goes through
/// the inflater first as a stored block, as if the peer had sent it.
/// </summary>
internal sealed class HeaderInflater : IDisposable
{
    /// <summary>Maximum size of a block after inflation, in bytes.</summary>
    public const int MaxBytes = 16 << 10;

    private const int ZlibHeader = 6;
    private const byte HasDictionary = 0x20;

    private readonly Arrived _arrived = new();
    private readonly DeflateStream _inflating;
    private readonly byte[] _block = new byte[MaxBytes + 1];
    private bool _begun;

    public HeaderInflater()
    {
        _inflating = new DeflateStream(_arrived, CompressionMode.Decompress);
        _arrived.Bytes = StoredBlocks.Of(SpdyDictionary.Bytes);
        _inflating.ReadExactly(new byte[SpdyDictionary.Bytes.Length]);
    }

    /// <exception cref="SpdyException">It cannot be inflated, is too large or no block of headers.</exception>
    public IReadOnlyDictionary<string, string> Read(ReadOnlyMemory<byte> compressed)
    {
        _arrived.Bytes = _begun ? compressed : AfterHeader(compressed);
        _begun = true;
        try
        {
            var length = 0;
            while (_inflating.Read(_block, length, _block.Length - length) is > 0 and var read)
            {
                length += read;
                if (length > MaxBytes)
                {
                    throw new SpdyException($"a header block is larger than {MaxBytes} bytes");
                }
            }

            return HeaderBlocks.Parse(_block.AsSpan(0, length));
        }
        catch (InvalidDataException)
        {
            throw new SpdyException("a header block cannot be inflated");
        }
    }

    public void Dispose() => _inflating.Dispose();

    private static ReadOnlyMemory<byte> AfterHeader(ReadOnlyMemory<byte> compressed)
    {
        var header = compressed.Span;
        return header.Length >= ZlibHeader && (header[1] & HasDictionary) != 0
            && BinaryPrimitives.ReadUInt16BigEndian(header) % 31 == 0
            && BinaryPrimitives.ReadUInt32BigEndian(header[2..]) == SpdyDictionary.Id
            ? compressed[ZlibHeader..] : throw new SpdyException("header blocks need the dictionary of SPDY/3");
    }

    /// <summary>The bytes that are here; at their end a read says 0, and more may follow.</summary>
    private sealed class Arrived : Stream
    {
        public ReadOnlyMemory<byte> Bytes { get; set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var taken = Math.Min(buffer.Length, Bytes.Length);
            Bytes.Span[..taken].CopyTo(buffer);
            Bytes = Bytes[taken..];
            return taken;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
