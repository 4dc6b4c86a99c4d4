using System.Text.Json.Serialization;

namespace Dataplane.Api;

/// <summary>GET /v1/state: the desired state, from which a client computes matrix, why and diff itself.</summary>
/// <param name="Files">One entry for each YAML document.</param>
public sealed record StateResponse(
    long Generation, string PodNetworkIPv4, string PodNetworkIPv6, IReadOnlyList<ManifestFile> Files,
    IReadOnlyList<Lease> Leases)
{
    /// <summary>
    /// Objects that are written in <see cref="Files"/> but not part of the state: they were deleted, or replaced from
    /// elsewhere, while other objects of their document stayed.
    /// </summary>
    public IReadOnlyList<GoneObject> Gone { get; init; } = [];

    /// <summary>The indices of the <see cref="Files"/> that belong to the daemon's manifest directory.</summary>
    public IReadOnlyList<int> Watched { get; init; } = [];
}

/// <param name="File">The document's index among the files.</param>
public sealed record GoneObject(int File, string Kind, string Name);

/// <summary>The addresses of a pod, reserved for as long as it exists.</summary>
/// <param name="Pod"><c>namespace/name</c>.</param>
public sealed record Lease(
    string Pod,
    [property: JsonPropertyName("IPv4")] string? IPv4,
    [property: JsonPropertyName("IPv6")] string? IPv6);
