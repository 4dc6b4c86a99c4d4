using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Dataplane.Policy.Compilation;

namespace Dataplane.Node.Addressing;

/// <summary>
/// Addresses of one family: requests are honoured, inside the pod network or not; everybody else gets the lowest that is free,
/// in the order of names, so the same manifests always get the same addresses.
/// </summary>
internal sealed class Ipam
{
    private readonly HashSet<IPAddress> _taken = [];
    private readonly IPNetwork _network;
    private readonly UInt128 _last;
    private UInt128 _next;

    public Ipam(IPNetwork network, IPAddress gateway)
    {
        _network = network;
        var range = AddressRange.Of(network);
        _next = range.First + 2;
        // The last IPv4 address of a network is its broadcast address.
        _last = network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? range.Last - 1 : range.Last;
        _taken.Add(gateway);
    }

    /// <summary>False: somebody has it.</summary>
    public bool TryReserve(IPAddress address) => _taken.Add(address);

    /// <summary>Null: the pod network is full.</summary>
    public IPAddress? Next()
    {
        while (_next <= _last)
        {
            var address = FromNumber(_next++, _network.BaseAddress.AddressFamily);
            if (_taken.Add(address)) return address;
        }
        return null;
    }

    /// <summary>The address that lies <paramref name="offset"/> behind the first of the network.</summary>
    public static IPAddress Nth(IPNetwork network, int offset) =>
        FromNumber(AddressRange.Of(network).First + (UInt128)offset, network.BaseAddress.AddressFamily);

    private static IPAddress FromNumber(UInt128 number, AddressFamily family)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new IPAddress(family == AddressFamily.InterNetwork ? bytes[12..] : bytes);
    }
}
