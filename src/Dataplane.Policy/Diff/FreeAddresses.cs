using System.Net;
using System.Net.Sockets;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Diff;

/// <summary>
/// Addresses for pods that are not loaded: behind the highest address of a loaded pod, so that an ipBlock that covers
/// the pod network covers them too, and in no block that is small enough to mean single pods.
/// </summary>
internal sealed class FreeAddresses
{
    /// <summary>Bits of the host part of a block that means single pods: 256 addresses.</summary>
    private const int SmallBits = 8;

    /// <summary>Number of addresses passed over for one address, at most.</summary>
    private const int MostTried = 4096;

    private readonly Dictionary<AddressFamily, UInt128> _last = [];
    private readonly List<IPNetwork> _small;

    public FreeAddresses(Cluster before, Cluster after)
    {
        foreach (var family in AddressFamilies.All)
        {
            _last[family] = new[] { before, after }
                .SelectMany(cluster => cluster.Pods.Where(pod => !pod.IsHostNetwork).Select(pod => pod.Address(family))
                    .Append(cluster.Node.AddressIn(family)))
                .OfType<IPAddress>().Select(AddressRange.ToNumber).DefaultIfEmpty().Max();
        }
        _small = [.. new[] { before, after }.SelectMany(ClusterBlocks.Of)
            .Where(block => block.BaseAddress.AddressFamily.Bits() - block.PrefixLength <= SmallBits)];
    }

    /// <summary>An address of each family that no pod has and that was not given before.</summary>
    public (IPAddress IPv4, IPAddress IPv6) Next() =>
        (Next(AddressFamily.InterNetwork), Next(AddressFamily.InterNetworkV6));

    private IPAddress Next(AddressFamily family)
    {
        for (var tried = 0; ; tried++)
        {
            var address = AddressRange.ToAddress(++_last[family], family);
            if (tried == MostTried || !_small.Exists(block => block.Contains(address))) return address;
        }
    }
}
