using System.Buffers.Binary;
using System.Text;

namespace Dataplane.ApiMachinery.Protobuf;

/// <summary>
/// Reads the parts of one protobuf message, whose bytes may be anything: each length is held against what is left, and
/// nothing is copied. Every method throws a <see cref="FormatException"/> where the bytes are none.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private const int MaxVarint = 10, MaxField = (1 << 29) - 1;

    private static readonly UTF8Encoding Strict = new(false, true);

    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>The number of the next field, 1 to 536870911, and how its value stands behind it.</summary>
    public (int Field, WireType Type) Tag()
    {
        var tag = Varint();
        var (field, type) = (tag >> 3, (WireType)(tag & 7));
        if (field is 0 or > MaxField)
        {
            throw new FormatException($"a field has the number {field}, which protobuf does not have");
        }
        if (type is not (WireType.Varint or WireType.Fixed64 or WireType.Delimited or WireType.Fixed32))
        {
            throw new FormatException($"field {field} is of the wire type {(int)type}, which is not used here");
        }
        return ((int)field, type);
    }

    /// <summary>Seven bits a byte, the lowest first; ten bytes at most.</summary>
    public ulong Varint()
    {
        ulong value = 0;
        for (var i = 0; i < MaxVarint; i++)
        {
            if (i == _rest.Length)
            {
                throw CutOff();
            }
            var part = _rest[i];
            if (i == MaxVarint - 1 && part > 1)
            {
                break;
            }
            value |= (ulong)(part & 0x7f) << (7 * i);
            if (part < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }
        throw new FormatException("a number has more than 64 bits");
    }

    public ReadOnlySpan<byte> Delimited()
    {
        var length = Varint();
        if (length > (ulong)_rest.Length)
        {
            throw CutOff();
        }
        return Take((int)length);
    }

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double)));

    public string Text()
    {
        try
        {
            return Strict.GetString(Delimited());
        }
        catch (DecoderFallbackException)
        {
            throw new FormatException("a text is no UTF-8");
        }
    }

    public void Skip(WireType type)
    {
        switch (type)
        {
            case WireType.Varint:
                Varint();
                break;
            case WireType.Fixed64:
                Take(sizeof(ulong));
                break;
            case WireType.Fixed32:
                Take(sizeof(uint));
                break;
            default:
                Delimited();
                break;
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw CutOff();
        }
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private static FormatException CutOff() => new("it ends inside a field");
}
