using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Dataplane.Policy.Compilation.Tables;

namespace Dataplane.Planning;

/// <summary>
/// Addresses of one family: requests are honoured, inside the pod network or not; everybody else gets the next that is free behind
/// the last one given, in the order of names, so the same manifests always get the same addresses, and one that was given back is
/// not somebody else's at once.
/// </summary>
internal sealed class Ipam
{
    private readonly ISet<IPAddress> _taken;
    private readonly AddressFamily _family;
    private readonly UInt128 _first, _end;
    private UInt128 _next;

    /// <param name="taken">What somebody has, of any family; what is given is added.</param>
    /// <param name="last">The last one given; null, or an address outside the network: none.</param>
    public Ipam(IPNetwork network, ISet<IPAddress> taken, IPAddress? last)
    {
        _taken = taken;
        var range = AddressRange.Of(network);
        _family = network.BaseAddress.AddressFamily;
        _first = range.First + 2;
        // The last IPv4 address of a network is its broadcast address.
        _end = _family == AddressFamily.InterNetwork ? range.Last - 1 : range.Last;
        _next = last is null || !network.Contains(last) || AddressRange.ToNumber(last) < _first || AddressRange.ToNumber(last) >= _end
            ? _first : AddressRange.ToNumber(last) + 1;
        Last = last;
    }

    public IPAddress? Last { get; private set; }

    /// <summary>Null: the pod network is full.</summary>
    public IPAddress? Next()
    {
        // One round at most: more addresses than are taken need not be tried.
        for (var tried = 0; tried <= _taken.Count && _first <= _end; tried++)
        {
            var address = FromNumber(_next, _family);
            _next = _next == _end ? _first : _next + 1;
            if (_taken.Add(address)) return Last = address;
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
