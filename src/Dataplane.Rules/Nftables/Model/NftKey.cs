using System.Buffers.Binary;
using System.Net;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Rules.Nftables.Model;

/// <summary>
/// Builds keys: each field padded to 4 bytes, as concatenations need it (an unpadded key is accepted and never
/// matches).
/// </summary>
internal ref struct NftKey
{
    private Span<byte> _bytes;
    private int _length;

    public NftKey(Span<byte> scratch)
    {
        scratch.Clear();
        _bytes = scratch;
    }

    /// <summary>A mark or class id, in host order as registers hold it.</summary>
    public void Host(uint value) => BitConverter.TryWriteBytes(Take(4), value);

    /// <summary>A mark or class id in an interval set, which compares bytes.</summary>
    public void Network(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Take(4), value);

    public void Port(ushort port) => BinaryPrimitives.WriteUInt16BigEndian(Take(2), port);

    public void Byte(byte value) => Take(1)[0] = value;

    public void Address(IPAddress address)
    {
        address.TryWriteBytes(_bytes[_length..], out var written);
        _length += written;
    }

    public void Mac(MacAddress address) => address.Write(Take(MacAddress.Size));

    /// <summary>In host order, as registers hold it.</summary>
    public void Interface(InterfaceIndex index) => BitConverter.TryWriteBytes(Take(4), index.Value);

    public readonly ReadOnlySpan<byte> Written => _bytes[.._length];

    private Span<byte> Take(int count)
    {
        var span = _bytes.Slice(_length, count);
        _length += (count + 3) & ~3;
        return span;
    }
}
