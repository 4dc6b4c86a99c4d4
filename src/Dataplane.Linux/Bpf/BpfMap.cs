using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Linux.Bpf;

/// <summary>
/// A map: memory that programs and processes share (Documentation/bpf/maps.rst). It lives as long as a descriptor or a
/// loaded program refers to it.
/// </summary>
public sealed unsafe class BpfMap : IDisposable
{
    private readonly int _keyBytes, _valueBytes;

    private BpfMap(SafeFileHandle handle, string name, int keyBytes, int valueBytes) =>
        (Handle, Name, _keyBytes, _valueBytes) = (handle, name, keyBytes, valueBytes);

    public SafeFileHandle Handle { get; }

    public string Name { get; }

    /// <param name="name">At most 15 letters, digits and '_'.</param>
    /// <param name="entries">The maximum number of elements.</param>
    /// <exception cref="LinuxException">EPERM: CAP_BPF or CAP_SYS_ADMIN is missing.</exception>
    /// <param name="isSparse">Memory is taken for the elements that are there, not for all of them.</param>
    public static BpfMap Create(
        BpfMapKind kind, string name, int keyBytes, int valueBytes, int entries, bool isSparse = false) =>
        new(BpfCall.Open(BpfCommand.BPF_MAP_CREATE, new BpfAttributes.CreateMap
        {
            Type = (int)kind, KeyBytes = keyBytes, ValueBytes = valueBytes, Entries = entries,
            Flags = isSparse ? BpfCommand.BPF_F_NO_PREALLOC : 0, Name = BpfCall.Name(name),
        }, $"make the BPF map {name}"), name, keyBytes, valueBytes);

    /// <summary>Adds the element or replaces its value.</summary>
    /// <exception cref="LinuxException">E2BIG: the map is full.</exception>
    public void Write(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Require(key, value);
        fixed (byte* k = key, v = value)
        {
            Require(Do(BpfCommand.BPF_MAP_UPDATE_ELEM, k, v), "write to");
        }
    }

    /// <returns>False: there is no such element.</returns>
    public bool TryRead(ReadOnlySpan<byte> key, Span<byte> value)
    {
        Require(key, value);
        fixed (byte* k = key, v = value)
        {
            return Found(Do(BpfCommand.BPF_MAP_LOOKUP_ELEM, k, v), "read");
        }
    }

    /// <returns>False: there was no such element.</returns>
    public bool Delete(ReadOnlySpan<byte> key)
    {
        Require(key, stackalloc byte[_valueBytes]);
        fixed (byte* k = key)
        {
            return Found(Do(BpfCommand.BPF_MAP_DELETE_ELEM, k, null), "delete from");
        }
    }

    public void Dispose() => Handle.Dispose();

    private int Do(int command, byte* key, byte* value)
    {
        var element = new BpfAttributes.Element { Map = BpfCall.Number(Handle), Key = key, Value = value };
        return BpfCall.Try(command, &element);
    }

    private bool Found(int result, string what)
    {
        if (result == -Errno.ENOENT) return false;
        Require(result, what);
        return true;
    }

    private void Require(int result, string what)
    {
        if (result < 0) throw new LinuxException($"{what} the BPF map {Name}", -result);
    }

    private void Require(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.Length != _keyBytes || value.Length != _valueBytes)
        {
            throw new ArgumentException(
                $"the map {Name} has keys of {_keyBytes} and values of {_valueBytes} bytes, not {key.Length} and "
                    + $"{value.Length}", nameof(key));
        }
    }
}
