using System.Buffers.Binary;
using System.Text;

namespace Dataplane.ApiMachinery.Spdy;

/// <summary>The layout of a block of headers after inflation: their number, then each name and value.</summary>
internal static class HeaderBlocks
{
    /// <returns>Values by their names, which are lower case on the wire.</returns>
    /// <exception cref="SpdyException">It is cut, has bytes to spare, or a name twice.</exception>
    public static IReadOnlyDictionary<string, string> Parse(ReadOnlySpan<byte> block)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var count = Number(ref block);
        for (var i = 0; i < count; i++)
        {
            var name = Text(ref block);
            if (!headers.TryAdd(name, Text(ref block)))
            {
                throw new SpdyException("a header block has a name twice");
            }
        }

        return block.IsEmpty ? headers : throw new SpdyException("a header block has bytes to spare");
    }

    public static byte[] Format(IReadOnlyDictionary<string, string> headers)
    {
        var block = new MemoryStream();
        Write(block, headers.Count);
        foreach (var (name, value) in headers)
        {
            Write(block, name.ToLowerInvariant());
            Write(block, value);
        }

        return block.ToArray();
    }

    private static int Number(ref ReadOnlySpan<byte> block)
    {
        if (!BinaryPrimitives.TryReadInt32BigEndian(block, out var number) || number < 0)
        {
            throw new SpdyException("a header block is cut");
        }

        block = block[4..];
        return number;
    }

    private static string Text(ref ReadOnlySpan<byte> block)
    {
        var length = Number(ref block);
        if (length > block.Length)
        {
            throw new SpdyException("a header block is cut");
        }

        var text = Encoding.UTF8.GetString(block[..length]);
        block = block[length..];
        return text;
    }

    private static void Write(MemoryStream block, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Write(block, bytes.Length);
        block.Write(bytes);
    }

    private static void Write(MemoryStream block, int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        block.Write(bytes);
    }
}
