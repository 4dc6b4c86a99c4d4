using System.Collections.Immutable;
using System.Net;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;

namespace Dataplane.Planning.Services;

/// <summary>What Services have.</summary>
/// <param name="Services">By <c>namespace/name</c>; only those that have something.</param>
/// <param name="LastAddresses">The last ClusterIPs assigned: the search for a free one continues after them. Null: from
/// the first of the band.</param>
/// <param name="LastNodePort">As <paramref name="LastAddresses"/>.</param>
public sealed record ServiceLeases(
    ImmutableDictionary<string, ServiceLease> Services, PerFamily<IPAddress?> LastAddresses, ushort? LastNodePort)
{
    public static readonly ServiceLeases None =
        new(ImmutableDictionary<string, ServiceLease>.Empty, new PerFamily<IPAddress?>(null, null), null);

    /// <summary>
    /// What the Services of another state have, without what these ask for: the states are compared, and do not follow
    /// each other.
    /// </summary>
    public static ServiceLeases Of(IEnumerable<PlacedService> before, IReadOnlyList<ServiceObject> asking)
    {
        var addresses = asking.SelectMany(s => s.Addresses.Concat(ServicePlacement.GivenBalancers(s))).ToHashSet();
        var ports = asking.SelectMany(s => s.Ports.Select(p => p.NodePort).Append(s.HealthCheckPort)).ToHashSet();
        var leases = before.Select(s => KeyValuePair.Create(s.Name, ServiceLease.Of(s))).Where(l => l.Value is not null)
            .Select(l => KeyValuePair.Create(l.Key, l.Value! with
            {
                ClusterAddresses = Free(l.Value.ClusterAddresses),
                LoadBalancerAddresses = Free(l.Value.LoadBalancerAddresses),
                NodePorts = [.. l.Value.NodePorts.Where(p => !ports.Contains(p.Value))],
                HealthCheckPort = ports.Contains(l.Value.HealthCheckPort) ? null : l.Value.HealthCheckPort,
            }));
        return None with { Services = leases.ToImmutableDictionary() };

        PerFamily<IPAddress?> Free(PerFamily<IPAddress?> leased) => PerFamily.Of(family =>
            leased[family] is { } address && !addresses.Contains(address) ? address : null);
    }
}
