using System.Net;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Objects;

public enum TransportProtocol { Tcp, Udp, Sctp }

/// <summary>core/v1 ContainerPort. <see cref="Name"/> is null where the port has none.</summary>
public sealed record ContainerPort(string? Name, ushort Port, TransportProtocol Protocol, SourcePosition Position);

/// <summary>core/v1 Pod, as far as its network and what runs in it are concerned.</summary>
/// <param name="RequestedAddresses">status.podIPs and status.podIP without repeats, in that order: a request that IPAM
/// honours.</param>
public sealed record PodObject(
    string Namespace, string Name, IReadOnlyDictionary<string, string> Labels,
    IReadOnlyList<ContainerPort> Ports, bool HostNetwork, IReadOnlyList<IPAddress> RequestedAddresses,
    SourcePosition Position)
    : KubernetesObject(Namespace, Name, Labels, Position)
{
    public override string Kind => ObjectKinds.Pod.Name;

    /// <summary>
    /// The annotation <c>dataplane/netns</c>: the name below /run/netns, or the absolute path, of an existing network
    /// namespace that is to be this pod's. Null: one is made.
    /// </summary>
    public string? NetnsName { get; init; }

    /// <summary>
    /// <c>Succeeded</c> or <c>Failed</c> (evicted too) where status.phase says so: all containers are gone for good.
    /// Null: it has not ended.
    /// </summary>
    public string? EndedPhase { get; init; }

    /// <summary>
    /// Whether it is to be sent traffic of Services: status.conditions says that it is not, or it is.
    /// </summary>
    public bool IsReady { get; init; } = true;

    /// <summary>It is about to go: metadata.deletionTimestamp is set.</summary>
    public bool IsTerminating { get; init; }

    /// <summary>spec.hostname; null: the pod's name.</summary>
    public string? HostName { get; init; }

    /// <summary>spec.subdomain: the headless Service below whose name the pod has its own; null: none.</summary>
    public string? Subdomain { get; init; }

    /// <summary>Whom its programs ask for names.</summary>
    public PodDns Dns { get; init; } = PodDns.Usual;

    /// <summary>What its programs know of names without asking.</summary>
    public PodHost Host { get; init; } = PodHost.Usual;

    /// <summary>The ports of the node that lead to it. A hostNetwork pod has those that it declares, since it is the
    /// node that listens.</summary>
    public IReadOnlyList<HostPort> HostPorts { get; init; } = [];

    /// <summary>spec.nodeName; null: not said.</summary>
    public string? NodeName { get; init; }

    /// <summary>What runs in it.</summary>
    public PodPrograms Programs { get; init; } = PodPrograms.None;

    /// <summary>A pod that has ended has no network and counts for nothing.</summary>
    public bool HasEnded => EndedPhase is not null;

    /// <summary>
    /// The name of the Deployment or the like, in the namespace of the pod, that it comes from: of its template, or as
    /// its owners say; null where nobody made it.
    /// </summary>
    public string? Workload { get; init; }
}
