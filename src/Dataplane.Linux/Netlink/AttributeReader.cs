using System.Buffers.Binary;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Dataplane.Linux.Frames;

namespace Dataplane.Linux.Netlink;

/// <summary>
/// Walks the attributes of a message or of a nest. Malformed data ends the walk early; nothing is read outside the
/// span; a getter whose value is too short throws <see cref="InvalidDataException"/>.
/// </summary>
public ref struct AttributeReader(ReadOnlySpan<byte> data)
{
    private const int TypeMask = 0x3fff; // NLA_TYPE_MASK: without NLA_F_NESTED and NLA_F_NET_BYTEORDER
    private ReadOnlySpan<byte> _rest = data;

    /// <summary>The current attribute's number, without the flag bits.</summary>
    public int Type { get; private set; }

    /// <summary>The current attribute's value without padding.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    public bool Read()
    {
        if (_rest.Length < 4)
        {
            return false;
        }

        var length = MemoryMarshal.Read<ushort>(_rest);
        if (length < 4 || length > _rest.Length)
        {
            return false;
        }

        Type = MemoryMarshal.Read<ushort>(_rest[2..]) & TypeMask;
        Value = _rest[4..length];
        _rest = _rest[Math.Min((length + 3) & ~3, _rest.Length)..];
        return true;
    }

    public readonly byte U8() => Exactly(1)[0];

    /// <summary>16 bits in host byte order.</summary>
    public readonly ushort U16() => MemoryMarshal.Read<ushort>(Exactly(2));

    /// <summary>32 bits in host byte order.</summary>
    public readonly uint U32() => MemoryMarshal.Read<uint>(Exactly(4));

    public readonly ushort U16Be() => BinaryPrimitives.ReadUInt16BigEndian(Exactly(2));

    public readonly uint U32Be() => BinaryPrimitives.ReadUInt32BigEndian(Exactly(4));

    public readonly ulong U64Be() => BinaryPrimitives.ReadUInt64BigEndian(Exactly(8));

    /// <summary>The value as a struct in host layout; a longer value (a newer kernel's) is cut.</summary>
    public readonly T Struct<T>() where T : unmanaged => MemoryMarshal.Read<T>(Exactly(Unsafe.SizeOf<T>()));

    /// <summary>UTF-8 up to the first zero byte.</summary>
    public readonly string String()
    {
        var end = Value.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? Value : Value[..end]);
    }

    /// <summary>An IPv4 or IPv6 address; null for a value of any other length.</summary>
    public readonly IPAddress? Address() => Value.Length is 4 or 16 ? new IPAddress(Value) : null;

    /// <summary>A MAC address; null for a value of any other length.</summary>
    public readonly MacAddress? Mac() => Value.Length == MacAddress.Size ? MacAddress.Read(Value) : null;

    public readonly AttributeReader Nested() => new(Value);

    private readonly ReadOnlySpan<byte> Exactly(int count) => Value.Length >= count
        ? Value[..count]
        : throw new InvalidDataException(
            $"Netlink attribute {Type} has {Value.Length} bytes where {count} are needed.");
}
