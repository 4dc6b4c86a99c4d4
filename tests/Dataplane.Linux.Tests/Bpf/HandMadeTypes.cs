using System.Buffers.Binary;
using System.Text;

namespace Dataplane.Linux.Tests.Bpf;

/// <summary>
/// Types as a kernel describes them (linux/btf.h), byte by byte:
/// <c>struct outer { u32 first; union { struct { u8 pad; u8 low : 2, flag : 3; }; }; u32 mark; };</c>, a function
/// <c>reader</c> and <c>enum { BLUE = 1, RED = 4 }</c>.
/// </summary>
internal static class HandMadeTypes
{
    private const uint Int = 1, Struct = 4, Union = 5, Enum = 6, Function = 12, BitFields = 1u << 31;

    public static byte[] Bytes()
    {
        var (strings, types) = (new List<byte> { 0 }, new List<byte>());
        // 1: the integer; 2: the enumeration; 3: outer; 4: reader; 5: the union; 6: the struct in it.
        Type("u32", Int << 24, 4, 32);
        Type("", Enum << 24 | 2, 4, Name("BLUE"), 1, Name("RED"), 4);
        Type("outer", Struct << 24 | 3, 12, Name("first"), 1, 0, 0, 5, 32, Name("mark"), 1, 64);
        Type("reader", Function << 24, 1);
        Type("", Union << 24 | 1, 4, 0, 6, 0);
        Type("", BitFields | Struct << 24 | 3, 4, Name("pad"), 1, 8u << 24, Name("low"), 1, 2u << 24 | 8,
            Name("flag"), 1, 3u << 24 | 10);
        var header = new byte[24];
        BinaryPrimitives.WriteUInt16LittleEndian(header, 0xeb9f);
        header[2] = 1;
        int[] fields = [24, 0, types.Count, types.Count, strings.Count];
        foreach (var (at, value) in fields.Select((field, i) => (4 + 4 * i, field)))
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(at), value);
        return [.. header, .. types, .. strings];

        void Type(string name, uint info, uint size, params uint[] rest)
        {
            uint[] words = [name.Length == 0 ? 0 : Name(name), info, size, .. rest];
            foreach (var word in words) types.AddRange(BitConverter.GetBytes(word));
        }

        uint Name(string text)
        {
            var at = (uint)strings.Count;
            strings.AddRange(Encoding.ASCII.GetBytes(text + '\0'));
            return at;
        }
    }
}
