using System.Text.Json.Serialization;

namespace Dataplane.Api;

/// <summary>What a Service has beside its manifest, as the API server would fill it in.</summary>
/// <param name="ClusterIPs">None where it is headless or an ExternalName.</param>
/// <param name="LoadBalancerIPs">Given or of the pool; only of type LoadBalancer.</param>
/// <param name="NodePorts">For each of its ports, in their order; null: it has none.</param>
public sealed record ServiceEntry(
    [property: JsonPropertyName("clusterIPs")] IReadOnlyList<string> ClusterIPs,
    [property: JsonPropertyName("loadBalancerIPs")] IReadOnlyList<string> LoadBalancerIPs,
    IReadOnlyList<int?> NodePorts)
{
    /// <summary><c>IPv4</c>, <c>IPv6</c>, the first one first; empty for an ExternalName.</summary>
    public IReadOnlyList<string> Families { get; init; } = [];

    /// <summary>Null: load balancers do not ask.</summary>
    public int? HealthCheckNodePort { get; init; }
}
