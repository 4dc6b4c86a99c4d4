using System.Net;
using System.Net.Sockets;
using Dataplane.Policy.Model;

namespace Dataplane.Planning.Services;

/// <summary>Where Services get their addresses and ports of the node.</summary>
public sealed record ServiceRanges
{
    public static readonly ServiceRanges Default = new();

    /// <summary>ClusterIPs are of this network.</summary>
    public IPNetwork NetworkIPv4 { get; init; } = IPNetwork.Parse("10.96.0.0/16");

    /// <summary>As <see cref="NetworkIPv4"/>.</summary>
    public IPNetwork NetworkIPv6 { get; init; } = IPNetwork.Parse("fd00:10:96::/112");

    /// <summary>Both networks.</summary>
    public PerFamily<IPNetwork> Networks => new(NetworkIPv4, NetworkIPv6);

    /// <summary>The first and the last port of the node that a Service can have.</summary>
    public (ushort First, ushort Last) NodePorts { get; init; } = (30000, 32767);

    /// <summary>Where a LoadBalancer without an address gets one; null: it stays without.</summary>
    public IPNetwork? PoolIPv4 { get; init; }

    /// <summary>As <see cref="PoolIPv4"/>.</summary>
    public IPNetwork? PoolIPv6 { get; init; }

    /// <summary>Both pools.</summary>
    public PerFamily<IPNetwork?> Pools => new(PoolIPv4, PoolIPv6);

    /// <summary>The same with this network of its family.</summary>
    public ServiceRanges With(IPNetwork network) => network.BaseAddress.AddressFamily == AddressFamily.InterNetwork
        ? this with { NetworkIPv4 = network } : this with { NetworkIPv6 = network };

    /// <summary>The same with this pool of its family.</summary>
    public ServiceRanges WithPool(IPNetwork pool) => pool.BaseAddress.AddressFamily == AddressFamily.InterNetwork
        ? this with { PoolIPv4 = pool } : this with { PoolIPv6 = pool };
}
