using System.Collections.Immutable;
using System.Net;
using Dataplane.Api;
using Dataplane.Planning.Services;
using Dataplane.Policy.Model;

namespace Dataplane.Cli.Input;

/// <summary>What the daemon's state says about Services.</summary>
internal static class ServiceLeaseText
{
    public static ServiceRanges Ranges(StateResponse state) => new()
    {
        NetworkIPv4 = Network(state.ServiceNetworkIPv4) ?? ServiceRanges.Default.NetworkIPv4,
        NetworkIPv6 = Network(state.ServiceNetworkIPv6) ?? ServiceRanges.Default.NetworkIPv6,
        PoolIPv4 = Network(state.LoadBalancerPoolIPv4),
        PoolIPv6 = Network(state.LoadBalancerPoolIPv6),
    };

    public static ServiceLeases Leases(StateResponse state) => ServiceLeases.None with
    {
        Services = state.ServiceLeases.ToImmutableDictionary(l => l.Service, Lease),
    };

    private static ServiceLease Lease(ServiceLeaseEntry entry) => new(
        Addresses(entry.ClusterIPs), Addresses(entry.LoadBalancerIPs),
        [.. entry.NodePorts.Select(p => KeyValuePair.Create(p.Key, (ushort)p.Value))
            .OrderBy(p => p.Key, StringComparer.Ordinal)], (ushort?)entry.HealthCheckNodePort);

    private static PerFamily<IPAddress?> Addresses(IReadOnlyList<string> texts)
    {
        var addresses = texts.Select(IPAddress.Parse).ToList();
        return PerFamily.Of(family => addresses.Find(a => a.AddressFamily == family));
    }

    private static IPNetwork? Network(string? text) => text is null ? null : IPNetwork.Parse(text);
}
