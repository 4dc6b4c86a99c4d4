using System.Text.Json.Serialization;

namespace Dataplane.Api;

/// <summary>GET /v1/state: the desired state, from which a client computes matrix, why and diff itself.</summary>
/// <param name="Files">One entry for each YAML document.</param>
public sealed record StateResponse(
    long Generation, string PodNetworkIPv4, string PodNetworkIPv6, IReadOnlyList<ManifestFile> Files,
    IReadOnlyList<Lease> Leases)
{
    /// <summary>
    /// Where ClusterIPs are of; null: from a daemon that does not tell, which has the networks of the defaults.
    /// </summary>
    public string? ServiceNetworkIPv4 { get; init; }

    /// <inheritdoc cref="ServiceNetworkIPv4"/>
    public string? ServiceNetworkIPv6 { get; init; }

    /// <summary>Of a host node: the addresses of the machine's interfaces, without loopback and link-local
    /// ones.</summary>
    public IReadOnlyList<string> NodeAddresses { get; init; } = [];

    /// <summary>Whether a name server is built in where there are Services.</summary>
    public bool HasNameServer { get; init; }

    /// <summary>Where load balancers get their addresses; null: nowhere.</summary>
    public string? LoadBalancerPoolIPv4 { get; init; }

    /// <inheritdoc cref="LoadBalancerPoolIPv4"/>
    public string? LoadBalancerPoolIPv6 { get; init; }

    /// <summary>What Services have.</summary>
    public IReadOnlyList<ServiceLeaseEntry> ServiceLeases { get; init; } = [];

    /// <summary>
    /// Objects that are written in <see cref="Files"/> but not part of the state: they were deleted, or replaced from
    /// elsewhere, while other objects of their document stayed.
    /// </summary>
    public IReadOnlyList<GoneObject> Gone { get; init; } = [];

    /// <summary>
    /// Pods that are not ready, where programs run in pods. Null: nothing runs, and manifests say which are.
    /// </summary>
    public IReadOnlyList<string>? NotReady { get; init; }

    /// <summary>The indices of the <see cref="Files"/> that belong to the daemon's manifest directory.</summary>
    public IReadOnlyList<int> Watched { get; init; } = [];
}

/// <param name="File">The document's index among the files.</param>
public sealed record GoneObject(int File, string Kind, string Name);

/// <summary>What a Service has, for as long as it exists.</summary>
/// <param name="Service"><c>namespace/name</c>.</param>
/// <param name="ClusterIPs">At most one of each family.</param>
/// <param name="LoadBalancerIPs">Of the pool; at most one of each family.</param>
/// <param name="NodePorts">Ports of the node, by the name of the Service's port; "" for a port without name.</param>
public sealed record ServiceLeaseEntry(
    string Service,
    [property: JsonPropertyName("clusterIPs")] IReadOnlyList<string> ClusterIPs,
    [property: JsonPropertyName("loadBalancerIPs")] IReadOnlyList<string> LoadBalancerIPs,
    IReadOnlyDictionary<string, int> NodePorts,
    int? HealthCheckNodePort);

/// <summary>The addresses of a pod, reserved for as long as it exists.</summary>
/// <param name="Pod"><c>namespace/name</c>.</param>
public sealed record Lease(
    string Pod,
    [property: JsonPropertyName("IPv4")] string? IPv4,
    [property: JsonPropertyName("IPv6")] string? IPv6);
