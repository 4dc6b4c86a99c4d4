using Dataplane.Kubernetes.Objects;

namespace Dataplane.Kubernetes.Reading.Pods;

/// <summary>What the network needs of core/v1 PodSpec, and what runs.</summary>
/// <param name="Ports">Those of containers that stay.</param>
/// <param name="HostName">Null: the pod's name.</param>
/// <param name="Subdomain">Null: none.</param>
internal sealed record PodSpec(
    bool HostNetwork, IReadOnlyList<ContainerPort> Ports, string? HostName, string? Subdomain)
{
    public PodDns Dns { get; init; } = PodDns.Usual;

    public PodHost Host { get; init; } = PodHost.Usual;

    /// <summary>The ports of the node that lead to the pod.</summary>
    public IReadOnlyList<HostPort> HostPorts { get; init; } = [];

    public PodPrograms Programs { get; init; } = PodPrograms.None;

    public static readonly PodSpec Empty = new(false, [], null, null);
}
