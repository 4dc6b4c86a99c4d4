using System.Text.Json.Serialization;

namespace Dataplane.Api;

/// <summary>GET /v1/objects?kind=&amp;namespace=&amp;name=</summary>
public sealed record ObjectsResponse(long Generation, IReadOnlyList<ObjectEntry> Objects);

/// <param name="Source"><c>apply</c>, the path of the file in the manifest directory, <c>built-in</c>,
/// <c>cni</c> of a container that a runtime has attached, or <c>selector</c> of endpoints that are computed.</param>
/// <param name="Text">The object's manifest, as it was given.</param>
public sealed record ObjectEntry(string Kind, string Name, string File, int Line, string Source, string Text)
{
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The namespace of objects of <see cref="Text"/> that name none; null for <c>default</c>.</summary>
    public string? Namespace { get; init; }

    /// <summary>Set for pods that have addresses.</summary>
    public PodEntry? Pod { get; init; }

    /// <summary>Set for Services.</summary>
    public ServiceEntry? Service { get; init; }
}

/// <summary>GET /v1/pods.</summary>
public sealed record PodsResponse(
    string NodeNetns, string Bridge, string GatewayIPv4, string GatewayIPv6, IReadOnlyList<PodEntry> Pods);

/// <summary>A pod as it is attached. A hostNetwork pod has the node's addresses and no namespace of its own.</summary>
public sealed record PodEntry(
    string Name,
    [property: JsonPropertyName("IPv4")] string? IPv4,
    [property: JsonPropertyName("IPv6")] string? IPv6)
{
    public bool HostNetwork { get; init; }

    /// <summary>Name of the Deployment or the like, in the same namespace, that the pod comes from.</summary>
    public string? Workload { get; init; }

    /// <summary>Name of the network namespace below /run/netns, or its absolute path where it has none.</summary>
    public string? Netns { get; init; }

    /// <summary>Name of the pod's interface on the node.</summary>
    public string? Port { get; init; }

    /// <summary>Interface index of <see cref="Port"/>; 0 where there is none.</summary>
    public int PortIndex { get; init; }

    public string? Mac { get; init; }

    /// <summary>Null: nothing runs in pods, or not in this one.</summary>
    public PodSummary? Summary { get; init; }

    /// <summary>As <see cref="Summary"/>.</summary>
    public PodStatusEntry? Status { get; init; }

    /// <summary>The containers that run now, in the order of their names.</summary>
    public IReadOnlyList<ContainerProcessEntry>? Processes { get; init; }
}
