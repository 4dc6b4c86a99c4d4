using System.Buffers;
using System.Text;

namespace Dataplane.ApiMachinery.OpenApi;

/// <summary>Writes one protobuf message, as far as it is needed here: strings, booleans, messages inside.</summary>
internal sealed class ProtoWriter
{
    private const int Varint = 0, Delimited = 2;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public void String(int field, string text)
    {
        Tag(field, Delimited);
        Number(Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, _bytes);
    }

    public void Boolean(int field, bool value)
    {
        Tag(field, Varint);
        Number(value ? 1 : 0);
    }

    public void Message(int field, Action<ProtoWriter> write)
    {
        var inner = new ProtoWriter();
        write(inner);
        Tag(field, Delimited);
        Number(inner.Written.Length);
        _bytes.Write(inner.Written);
    }

    private void Tag(int field, int wireType) => Number((field << 3) | wireType);

    /// <summary>Seven bits a byte, the lowest first; the highest bit says that more follow.</summary>
    private void Number(int value)
    {
        for (; value > 0x7f; value >>= 7)
        {
            Byte((byte)(value | 0x80));
        }
        Byte((byte)value);
    }

    private void Byte(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
    }
}
