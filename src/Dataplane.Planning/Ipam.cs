using System.Net;
using System.Net.Sockets;
using Dataplane.Policy.Model;

namespace Dataplane.Planning;

/// <summary>
/// Assigns addresses of one family: the next free one after the last that was assigned. Pods ask in the order of their
/// names, so equal manifests get equal addresses, and an address that was given back is not reused at once.
/// </summary>
internal sealed class Ipam
{
    private readonly ISet<IPAddress> _taken;
    private readonly AddressFamily _family;
    private readonly UInt128 _first, _end;
    private UInt128 _next;

    /// <param name="taken">Addresses in use, of any family; assigned addresses are added.</param>
    /// <param name="last">The last address assigned; null, or an address outside the network, starts at the
    /// first.</param>
    public Ipam(IPNetwork network, ISet<IPAddress> taken, IPAddress? last)
    {
        _taken = taken;
        var range = AddressRange.Of(network);
        _family = network.BaseAddress.AddressFamily;
        _first = range.First + 2;
        // The last IPv4 address of a network is its broadcast address.
        _end = _family == AddressFamily.InterNetwork ? range.Last - 1 : range.Last;
        _next = last is null || !network.Contains(last) || AddressRange.ToNumber(last) < _first
            || AddressRange.ToNumber(last) >= _end
            ? _first : AddressRange.ToNumber(last) + 1;
        Last = last;
    }

    public IPAddress? Last { get; private set; }

    /// <summary>Assigns an address; null: the pod network is full.</summary>
    public IPAddress? Next()
    {
        // Among one more addresses than are taken, one is free.
        for (var tried = 0; tried <= _taken.Count && _first <= _end; tried++)
        {
            var address = AddressRange.ToAddress(_next, _family);
            _next = _next == _end ? _first : _next + 1;
            if (_taken.Add(address)) return Last = address;
        }
        return null;
    }

    /// <summary>The first address of the network plus <paramref name="offset"/>.</summary>
    public static IPAddress Nth(IPNetwork network, int offset) =>
        AddressRange.ToAddress(AddressRange.Of(network).First + (UInt128)offset, network.BaseAddress.AddressFamily);
}
