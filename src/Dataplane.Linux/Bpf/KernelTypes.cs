using System.Buffers.Binary;
using System.Text;

namespace Dataplane.Linux.Bpf;

/// <summary>
/// The types of the running kernel, as it describes them itself (BTF, Documentation/bpf/btf.rst, linux/btf.h). One pass
/// finds where each type is; names are then compared by their place in the table of strings, which holds each name
/// once.
/// </summary>
public sealed class KernelTypes
{
    private const string File = "/sys/kernel/btf/vmlinux";
    private const int HeaderBytes = 24, TypeBytes = 12, MemberBytes = 12, EnumeratorBytes = 8, Enumerator64Bytes = 12;
    private const ushort Magic = 0xeb9f;

    /// <summary>BTF_KIND_*, linux/btf.h.</summary>
    private enum Kind
    {
        Int = 1, Pointer, Array, Struct, Union, Enum, Forward, Typedef, Volatile, Const, Restrict, Function, Prototype,
        Variable, DataSection, Float, DeclarationTag, TypeTag, Enum64,
    }

    private readonly byte[] _data;
    private readonly int _strings, _stringsEnd;

    /// <summary>Where the type with each id is; id 0 is void.</summary>
    private readonly List<int> _places = [0];

    private KernelTypes(byte[] data)
    {
        _data = data;
        if (data.Length < HeaderBytes || U16(0) != Magic) throw new KernelLacksException($"readable types in {File}");
        var (header, types, length) = (U32(4), U32(8), U32(12));
        _strings = header + U32(16);
        _stringsEnd = _strings + U32(20);
        if (_stringsEnd > data.Length) throw new KernelLacksException($"whole types in {File}");
        for (var at = header + types; at < header + types + length; at += Size(at)) _places.Add(at);
    }

    /// <exception cref="KernelLacksException">It does not describe them (CONFIG_DEBUG_INFO_BTF).</exception>
    public static KernelTypes Read()
    {
        try
        {
            return new KernelTypes(System.IO.File.ReadAllBytes(File));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KernelLacksException($"readable types in {File} ({e.Message})");
        }
    }

    /// <summary>From bytes as in /sys/kernel/btf.</summary>
    internal static KernelTypes Parse(byte[] data) => new(data);

    /// <summary>The BTF id of a function.</summary>
    /// <exception cref="KernelLacksException">There is none of this name.</exception>
    public int FunctionId(string name) => Find(Kind.Function, name) ?? throw new KernelLacksException($"{name}()");

    /// <summary>The BTF id of a struct.</summary>
    /// <exception cref="KernelLacksException">There is none of this name.</exception>
    public int StructId(string name) =>
        Find(Kind.Struct, name) ?? throw new KernelLacksException($"struct {name}");

    /// <exception cref="KernelLacksException">There is none of this name.</exception>
    public KernelField Field(BpfField field)
    {
        var (place, bit, size) = (_places[StructId(field.Struct)], 0, 0);
        foreach (var part in field.Name.Split('.'))
        {
            if (NameAt(part) is not { } name || FindMember(place, name, bit) is not { } found)
                throw new KernelLacksException($"field {field}");
            (place, bit, size) = (_places[found.Type], found.Bit, found.Size);
        }
        return new KernelField(bit >> 3, bit & 7, size);
    }

    /// <summary>The value of an enumerator of any enumeration; null: there is none of this name.</summary>
    public int? Enumerator(string name)
    {
        if (NameAt(name) is not { } wanted) return null;
        foreach (var place in _places.Skip(1))
        {
            var size = KindAt(place) switch { Kind.Enum => EnumeratorBytes, Kind.Enum64 => Enumerator64Bytes, _ => 0 };
            if (size == 0) continue;
            for (var i = 0; i < Members(place); i++)
                if (U32(place + TypeBytes + i * size) == wanted) return U32(place + TypeBytes + i * size + 4);
        }
        return null;
    }

    private int? Find(Kind kind, string name)
    {
        if (NameAt(name) is not { } wanted) return null;
        for (var id = 1; id < _places.Count; id++)
            if (U32(_places[id]) == wanted && KindAt(_places[id]) == kind) return id;
        return null;
    }

    /// <summary>Looks into anonymous structs and unions too.</summary>
    private (int Bit, int Size, int Type)? FindMember(int place, int name, int before)
    {
        // btf_member.offset has the size of a bit field in its upper byte if kind_flag is set (linux/btf.h).
        var hasBitFields = U32(place + 4) < 0;
        for (var i = 0; i < Members(place); i++)
        {
            var at = place + TypeBytes + i * MemberBytes;
            var (bit, size) = hasBitFields ? (U32(at + 8) & 0xff_ffff, (U32(at + 8) >> 24) & 0xff) : (U32(at + 8), 0);
            if (U32(at) == name) return (before + bit, size, U32(at + 4));
            if (U32(at) == 0 && KindAt(_places[U32(at + 4)]) is Kind.Struct or Kind.Union
                && FindMember(_places[U32(at + 4)], name, before + bit) is { } inside)
            {
                return inside;
            }
        }
        return null;
    }

    /// <summary>Where a name is in the table of strings; null: no type has it.</summary>
    private int? NameAt(string name)
    {
        var wanted = Encoding.ASCII.GetBytes($"\0{name}\0");
        var at = _data.AsSpan(_strings, _stringsEnd - _strings).IndexOf(wanted);
        return at < 0 ? null : at + 1;
    }

    private Kind KindAt(int place) => (Kind)((U32(place + 4) >> 24) & 0x1f);

    private int Members(int place) => U32(place + 4) & 0xffff;

    /// <summary>The bytes that describe the type at this place.</summary>
    private int Size(int place) => TypeBytes + KindAt(place) switch
    {
        Kind.Int or Kind.Variable or Kind.DeclarationTag => 4,
        Kind.Array => 12,
        Kind.Struct or Kind.Union => MemberBytes * Members(place),
        Kind.DataSection or Kind.Enum64 => Enumerator64Bytes * Members(place),
        Kind.Enum or Kind.Prototype => EnumeratorBytes * Members(place),
        Kind.Pointer or Kind.Forward or Kind.Typedef or Kind.Volatile or Kind.Const or Kind.Restrict or Kind.Function
            or Kind.Float or Kind.TypeTag => 0,
        var kind => throw new KernelLacksException($"types that this program can read: {(int)kind} is a kind of type "
            + "that it does not know"),
    };

    private int U32(int at) => BinaryPrimitives.ReadInt32LittleEndian(_data.AsSpan(at));

    private ushort U16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(_data.AsSpan(at));
}
