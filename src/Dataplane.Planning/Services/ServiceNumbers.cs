using System.Net;
using System.Net.Sockets;
using Dataplane.Planning.Ranges;
using Dataplane.Policy.Model;

namespace Dataplane.Planning.Services;

/// <summary>
/// Assigns ClusterIPs and ports of the node. As the API server does, it leaves the beginning of a range to those who
/// ask for a certain one (KEP-3070, KEP-3668), and takes it last.
/// </summary>
internal sealed class ServiceNumbers
{
    private readonly PerFamily<NextFree> _addresses;
    private readonly NextFree _ports;

    public ServiceNumbers(ServiceRanges ranges, ServiceLeases leases)
    {
        _addresses = PerFamily.Of(family => Addresses(ranges.Networks[family], leases.LastAddresses[family]));
        var (first, last) = ranges.NodePorts;
        _ports = new NextFree(first, (UInt128)(first + Kept((UInt128)(last - first + 1), 32, 128)), last,
            leases.LastNodePort);
        (LastAddresses, LastNodePort) = (leases.LastAddresses, leases.LastNodePort);
    }

    public PerFamily<IPAddress?> LastAddresses { get; private set; }

    public ushort? LastNodePort { get; private set; }

    /// <summary>Null: none is free.</summary>
    /// <param name="tries">See <see cref="NextFree.Next"/>.</param>
    public IPAddress? Address(AddressFamily family, long tries, Func<IPAddress, bool> take)
    {
        if (_addresses[family].Next(tries, n => take(AddressRange.ToAddress(n, family))) is not { } number) return null;
        var address = AddressRange.ToAddress(number, family);
        LastAddresses = family == AddressFamily.InterNetwork
            ? LastAddresses with { IPv4 = address } : LastAddresses with { IPv6 = address };
        return address;
    }

    /// <summary>Null: none is free.</summary>
    public ushort? NodePort(Func<ushort, bool> take) =>
        _ports.Next(ushort.MaxValue, n => take((ushort)n)) is { } number ? LastNodePort = (ushort)number : null;

    private static NextFree Addresses(IPNetwork network, IPAddress? last)
    {
        var (first, end) = Range(network);
        var size = UInt128.One << Math.Min(network.BaseAddress.AddressFamily.Bits() - network.PrefixLength, 64);
        return new NextFree(first, first + (UInt128)Kept(size, 16, 256), end,
            last is not null && network.Contains(last) ? AddressRange.ToNumber(last) : null);
    }

    /// <summary>The first and the last ClusterIP: neither the network's address nor its broadcast address.</summary>
    public static (UInt128 First, UInt128 Last) Range(IPNetwork network)
    {
        var all = AddressRange.Of(network);
        var isIPv4 = network.BaseAddress.AddressFamily == AddressFamily.InterNetwork;
        return (all.First + 1, isIPv4 ? all.Last - 1 : all.Last);
    }

    /// <summary>How many numbers at the beginning are for requests: a share, 16 at least, but not all.</summary>
    private static int Kept(UInt128 size, int share, int most)
    {
        const int Least = 16;
        return size <= Least ? 0 : (int)UInt128.Clamp(size / (UInt128)share, Least, (UInt128)most);
    }
}
