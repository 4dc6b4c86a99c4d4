using System.Buffers.Binary;
using System.Text;

namespace Dataplane.Integration.Observation;

/// <summary>A frame as a capture file has it.</summary>
internal sealed record PcapngFrame(string Interface, long Nanoseconds, byte[] Data, int Length, bool? Incoming,
    string? Comment);

/// <summary>Reads capture files, with nothing of ours: draft-ietf-opsawg-pcapng, little-endian.</summary>
internal static class PcapngFile
{
    /// <param name="dropped">isb_ifdrop of the last statistics, summed over the interfaces.</param>
    public static List<PcapngFrame> Read(ReadOnlySpan<byte> file, out long dropped)
    {
        var frames = new List<PcapngFrame>();
        var interfaces = new List<string>();
        var drops = new Dictionary<int, long>();
        while (!file.IsEmpty)
        {
            var (type, length) = (U32(file), (int)U32(file[4..]));
            Assert.Equal(length, (int)U32(file[(length - 4)..]));
            var body = file[8..(length - 4)];
            file = file[length..];
            switch (type)
            {
                case 0x0a0d0d0a: Assert.Equal(0x1a2b3c4du, U32(body)); break;
                case 1: interfaces.Add(Encoding.UTF8.GetString(Options(body[8..])[2])); break;
                case 5: drops[(int)U32(body)] = BinaryPrimitives.ReadInt64LittleEndian(Options(body[12..])[5]); break;
                case 6:
                    var captured = (int)U32(body[12..]);
                    var options = Options(body[(20 + (captured + 3 & -4))..]);
                    frames.Add(new PcapngFrame(interfaces[(int)U32(body)],
                        (long)((ulong)U32(body[4..]) << 32 | U32(body[8..])), body[20..(20 + captured)].ToArray(),
                        (int)U32(body[16..]), options.TryGetValue(2, out var flags) ? (flags[0] & 3) == 1 : null,
                        options.TryGetValue(1, out var comment) ? Encoding.UTF8.GetString(comment) : null));
                    break;
                default: Assert.Fail($"block type {type}"); break;
            }
        }
        dropped = drops.Values.Sum();
        return frames;
    }

    /// <summary>The first such frame of a file that is still being written.</summary>
    /// <exception cref="EndOfStreamException">The file ended without one.</exception>
    public static async Task<PcapngFrame> Await(Stream stream, Func<PcapngFrame, bool> isWanted, CancellationToken stop)
    {
        var file = new MemoryStream();
        while (true)
        {
            var start = new byte[8];
            await stream.ReadExactlyAsync(start, stop);
            var rest = new byte[U32(start.AsSpan(4)) - 8];
            await stream.ReadExactlyAsync(rest, stop);
            file.Write(start);
            file.Write(rest);
            if (Read(file.ToArray(), out _).Find(f => isWanted(f)) is { } frame) return frame;
        }
    }

    private static uint U32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static Dictionary<int, byte[]> Options(ReadOnlySpan<byte> bytes)
    {
        var options = new Dictionary<int, byte[]>();
        while (bytes.Length >= 4)
        {
            int code = BinaryPrimitives.ReadUInt16LittleEndian(bytes),
                length = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
            if (code != 0) options[code] = bytes[4..(4 + length)].ToArray();
            bytes = bytes[(4 + (length + 3 & -4))..];
        }
        return options;
    }
}
