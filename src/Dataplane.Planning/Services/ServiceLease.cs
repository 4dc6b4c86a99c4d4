using System.Net;
using Dataplane.Policy.Model;

namespace Dataplane.Planning.Services;

/// <summary>
/// What a Service has, to keep while its manifest asks for nothing else: assigned or asked for earlier, as the API
/// server keeps it.
/// </summary>
/// <param name="ClusterAddresses">Null in a family that it lacks.</param>
/// <param name="LoadBalancerAddresses">From the pool; null in a family without.</param>
/// <param name="NodePorts">By the name of the Service's port, sorted; empty for a port without name.</param>
public sealed record ServiceLease(PerFamily<IPAddress?> ClusterAddresses, PerFamily<IPAddress?> LoadBalancerAddresses,
    IReadOnlyList<KeyValuePair<string, ushort>> NodePorts, ushort? HealthCheckPort)
{
    /// <summary>Null: the Service has nothing to keep.</summary>
    public static ServiceLease? Of(PlacedService service)
    {
        var ports = service.Object.Ports.Zip(service.NodePorts).Where(p => p.Second is not null)
            .Select(p => KeyValuePair.Create(p.First.Name ?? "", p.Second!.Value))
            .OrderBy(p => p.Key, StringComparer.Ordinal).ToArray();
        var isGiven = ServicePlacement.GivenBalancers(service.Object).Count > 0;
        var balancers = PerFamily.Of(family => isGiven ? null
            : service.LoadBalancerAddresses.FirstOrDefault(a => a.AddressFamily == family));
        return service.Addresses is { IPv4: null, IPv6: null } && balancers is { IPv4: null, IPv6: null }
            && ports.Length == 0 && service.HealthCheckPort is null ? null
            : new ServiceLease(service.Addresses, balancers, ports, service.HealthCheckPort);
    }

    /// <summary>The port of the node for a port of the Service; null: none.</summary>
    public ushort? NodePort(string? name) =>
        NodePorts.Where(p => p.Key == (name ?? "")).Select(p => (ushort?)p.Value).FirstOrDefault();

    public bool Equals(ServiceLease? other) => other is not null && ClusterAddresses == other.ClusterAddresses
        && LoadBalancerAddresses == other.LoadBalancerAddresses && NodePorts.SequenceEqual(other.NodePorts)
        && HealthCheckPort == other.HealthCheckPort;

    public override int GetHashCode() => HashCode.Combine(ClusterAddresses, HealthCheckPort, NodePorts.Count);
}
