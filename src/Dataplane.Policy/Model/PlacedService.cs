using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Policy.Model;

/// <summary>
/// A Service with the addresses and ports that planning gave it. One that stays the same between two clusters is the
/// same instance.
/// </summary>
/// <param name="Families">Those it has, the first one first; empty for an ExternalName.</param>
/// <param name="Addresses">Its ClusterIPs; null in a family that it lacks, and in both where it is headless or an
/// ExternalName.</param>
/// <param name="NodePorts">For each of the Service's ports, in their order; null: it has none.</param>
/// <param name="LoadBalancerAddresses">As status.loadBalancer says, or from the pool of addresses.</param>
/// <param name="HealthCheckPort">The port of the node where load balancers ask for endpoints; null: none.</param>
public sealed record PlacedService(ServiceObject Object, IReadOnlyList<AddressFamily> Families,
    PerFamily<IPAddress?> Addresses, IReadOnlyList<ushort?> NodePorts, IReadOnlyList<IPAddress> LoadBalancerAddresses,
    ushort? HealthCheckPort)
{
    public string Name => Object.FullName;

    /// <summary>With what the manifest asks for, and nothing assigned.</summary>
    public static PlacedService AsAsked(ServiceObject service) => new(service, service.Families,
        PerFamily.Of<IPAddress?>(family => service.Addresses.FirstOrDefault(a => a.AddressFamily == family)),
        [.. service.Ports.Select(port => port.NodePort)], service.LoadBalancerAddresses, service.HealthCheckPort);

    public bool Equals(PlacedService? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);
}
