using System.Net;
using System.Net.Sockets;
using Dataplane.Planning.Ranges;
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
    private readonly NextFree _numbers;

    /// <param name="taken">Addresses in use, of any family; assigned addresses are added.</param>
    /// <param name="last">The last address assigned; null, or an address outside the network, starts at the
    /// first.</param>
    public Ipam(IPNetwork network, ISet<IPAddress> taken, IPAddress? last)
    {
        _taken = taken;
        var range = AddressRange.Of(network);
        _family = network.BaseAddress.AddressFamily;
        var first = range.First + 2;
        // The last IPv4 address of a network is its broadcast address.
        var end = _family == AddressFamily.InterNetwork ? range.Last - 1 : range.Last;
        _numbers = new NextFree(first, first, end,
            last is not null && network.Contains(last) ? AddressRange.ToNumber(last) : null);
        Last = last;
    }

    public IPAddress? Last { get; private set; }

    /// <summary>Assigns an address; null: the pod network is full.</summary>
    public IPAddress? Next()
    {
        var number = _numbers.Next(_taken.Count + 1L, n => _taken.Add(AddressRange.ToAddress(n, _family)));
        return number is null ? null : Last = AddressRange.ToAddress(number.Value, _family);
    }

    /// <summary>The first address of the network plus <paramref name="offset"/>.</summary>
    public static IPAddress Nth(IPNetwork network, int offset) =>
        AddressRange.ToAddress(AddressRange.Of(network).First + (UInt128)offset, network.BaseAddress.AddressFamily);
}
