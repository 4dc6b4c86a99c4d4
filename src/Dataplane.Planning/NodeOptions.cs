using System.Net;
using System.Net.Sockets;
using Dataplane.Planning.Services;
using Dataplane.Policy.Model;

namespace Dataplane.Planning;

/// <summary>The networks of pods and Services of a node.</summary>
public sealed record NodeOptions
{
    public static readonly NodeOptions Default = new();

    /// <summary>Addresses are assigned from this network; its first address is the gateway's.</summary>
    public IPNetwork PodNetworkIPv4 { get; init; } = IPNetwork.Parse("10.244.0.0/16");

    /// <summary>As <see cref="PodNetworkIPv4"/>.</summary>
    public IPNetwork PodNetworkIPv6 { get; init; } = IPNetwork.Parse("fd00:10:244::/64");

    /// <summary>Both pod networks.</summary>
    public PerFamily<IPNetwork> PodNetworks => new(PodNetworkIPv4, PodNetworkIPv6);

    /// <summary>The same with this pod network of its family.</summary>
    public NodeOptions With(IPNetwork podNetwork) => podNetwork.BaseAddress.AddressFamily == AddressFamily.InterNetwork
        ? this with { PodNetworkIPv4 = podNetwork }
        : this with { PodNetworkIPv6 = podNetwork };

    /// <summary>Those of the machine's other interfaces, where the node is the machine; none of the loopback.</summary>
    public IReadOnlyList<IPAddress> HostAddresses { get; init; } = [];

    /// <summary>Where Services get their addresses and ports.</summary>
    public ServiceRanges Services { get; init; } = ServiceRanges.Default;

    /// <summary>Whether the name server is built in; see <see cref="BuiltInObjects"/>.</summary>
    public bool HasNameServer { get; init; }

    /// <summary>Which two networks have addresses in common, in a few words; null: none have.</summary>
    public string? Overlap()
    {
        foreach (var family in AddressFamilies.All)
        {
            var (pods, services, pool) = (PodNetworks[family], Services.Networks[family], Services.Pools[family]);
            if (Meet(pods, services)) return $"the service network {services} overlaps with the pod network {pods}";
            if (pool is not { } balancers) continue;
            if (Meet(pods, balancers))
                return $"the pool of load balancers {balancers} overlaps with the pod network {pods}";
            if (Meet(services, balancers))
                return $"the pool of load balancers {balancers} overlaps with the service network {services}";
        }
        return null;
    }

    private static bool Meet(IPNetwork one, IPNetwork other) =>
        one.Contains(other.BaseAddress) || other.Contains(one.BaseAddress);

    /// <summary>Both gateways.</summary>
    public PerFamily<IPAddress> Gateways => new(GatewayIPv4, GatewayIPv6);

    public IPAddress GatewayIPv4 => Ipam.Nth(PodNetworkIPv4, 1);

    public IPAddress GatewayIPv6 => Ipam.Nth(PodNetworkIPv6, 1);
}
