using System.Net;
using System.Net.Sockets;
using Dataplane.Policy.Model;

namespace Dataplane.Planning;

/// <summary>The networks of a node: of its pods and of Services.</summary>
public sealed record NodeOptions
{
    public static readonly NodeOptions Default = new();

    /// <summary>Addresses are assigned from this network; its first address is the gateway's.</summary>
    public IPNetwork PodNetworkIPv4 { get; init; } = IPNetwork.Parse("10.244.0.0/16");

    /// <summary>As <see cref="PodNetworkIPv4"/>.</summary>
    public IPNetwork PodNetworkIPv6 { get; init; } = IPNetwork.Parse("fd00:10:244::/64");

    /// <summary>Both pod networks.</summary>
    public PerFamily<IPNetwork> PodNetworks => new(PodNetworkIPv4, PodNetworkIPv6);

    /// <summary>Services are assigned addresses from this network.</summary>
    public IPNetwork ServiceNetworkIPv4 { get; init; } = IPNetwork.Parse("10.96.0.0/16");

    /// <summary>As <see cref="ServiceNetworkIPv4"/>.</summary>
    public IPNetwork ServiceNetworkIPv6 { get; init; } = IPNetwork.Parse("fd00:10:96::/112");

    /// <summary>Both networks of Services.</summary>
    public PerFamily<IPNetwork> ServiceNetworks => new(ServiceNetworkIPv4, ServiceNetworkIPv6);

    /// <summary>The same with this pod network of its family.</summary>
    public NodeOptions With(IPNetwork podNetwork) => podNetwork.BaseAddress.AddressFamily == AddressFamily.InterNetwork
        ? this with { PodNetworkIPv4 = podNetwork }
        : this with { PodNetworkIPv6 = podNetwork };

    /// <summary>Both gateways.</summary>
    public PerFamily<IPAddress> Gateways => new(GatewayIPv4, GatewayIPv6);

    public IPAddress GatewayIPv4 => Ipam.Nth(PodNetworkIPv4, 1);

    public IPAddress GatewayIPv6 => Ipam.Nth(PodNetworkIPv6, 1);
}
