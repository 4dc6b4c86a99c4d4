using System.Net;

namespace Dataplane.Planning;

/// <summary>The network of a node, before any pod.</summary>
public sealed record NodeOptions
{
    public static readonly NodeOptions Default = new();

    /// <summary>Pods without an address of their own get one from here; the first one is the gateway's.</summary>
    public IPNetwork PodNetworkIPv4 { get; init; } = IPNetwork.Parse("10.244.0.0/16");

    /// <summary>As <see cref="PodNetworkIPv4"/>.</summary>
    public IPNetwork PodNetworkIPv6 { get; init; } = IPNetwork.Parse("fd00:10:244::/64");

    public IPAddress GatewayIPv4 => Ipam.Nth(PodNetworkIPv4, 1);

    public IPAddress GatewayIPv6 => Ipam.Nth(PodNetworkIPv6, 1);
}
