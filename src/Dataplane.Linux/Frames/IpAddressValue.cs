using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Dataplane.Linux.Frames;

/// <summary>
/// An IPv4 or IPv6 address by value: no allocation, cheap equality. <see cref="IPAddress"/> allocates and caches, which
/// a loop over captured frames cannot afford. The scope of a link-local address is not part of it; an IPv4-mapped
/// address stays IPv6.
/// <c>default</c> is 0.0.0.0.
/// </summary>
public readonly record struct IpAddressValue
{
    private readonly ulong _high;
    private readonly ulong _low;

    private IpAddressValue(ulong high, ulong low, bool isIPv6)
    {
        _high = high;
        _low = low;
        IsIPv6 = isIPv6;
    }

    public bool IsIPv6 { get; }

    public AddressFamily Family => IsIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;

    /// <summary>Length on the wire in bytes: 4 or 16.</summary>
    public int Length => IsIPv6 ? 16 : 4;

    /// <summary>The address as a number, most significant byte first on the wire; 32 bits of it for IPv4.</summary>
    public UInt128 Bits => new(_high, _low);

    /// <summary>Reads the four bytes of an IPv4 address in network order.</summary>
    public static IpAddressValue ReadIPv4(ReadOnlySpan<byte> wire) =>
        new(0, BinaryPrimitives.ReadUInt32BigEndian(wire), false);

    /// <summary>Reads the sixteen bytes of an IPv6 address in network order.</summary>
    public static IpAddressValue ReadIPv6(ReadOnlySpan<byte> wire) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(wire), BinaryPrimitives.ReadUInt64BigEndian(wire[8..]), true);

    /// <summary>Writes <see cref="Length"/> bytes in network order.</summary>
    public void Write(Span<byte> wire)
    {
        if (IsIPv6)
        {
            BinaryPrimitives.WriteUInt64BigEndian(wire, _high);
            BinaryPrimitives.WriteUInt64BigEndian(wire[8..], _low);
        }
        else
        {
            BinaryPrimitives.WriteUInt32BigEndian(wire, (uint)_low);
        }
    }

    /// <exception cref="FormatException">The text is no IP address.</exception>
    public static IpAddressValue Parse(string text) => From(IPAddress.Parse(text));

    public static IpAddressValue From(IPAddress address)
    {
        Span<byte> wire = stackalloc byte[16];
        return address.TryWriteBytes(wire, out var length) && length == 16 ? ReadIPv6(wire) : ReadIPv4(wire);
    }

    public IPAddress ToIPAddress()
    {
        Span<byte> wire = stackalloc byte[16];
        Write(wire);
        return new IPAddress(wire[..Length]);
    }

    public override string ToString() => ToIPAddress().ToString();
}
