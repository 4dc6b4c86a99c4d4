using System.Net;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Services;

/// <summary>An address behind a Service, as discovery.k8s.io/v1 Endpoint describes it.</summary>
/// <param name="Ports">The number that each port of the Service stands for here, in their order; null: this endpoint
/// lacks that port.</param>
/// <param name="IsReady">It is sent new connections.</param>
/// <param name="IsServing">It answers, whether it is about to go or not.</param>
/// <param name="IsTerminating">It is about to go, and is sent connections only where none is ready.</param>
/// <param name="IsLocal">It is on this node.</param>
/// <param name="HostName">Its own name below that of a headless Service; null: none.</param>
/// <param name="Pod">Whose address it is; null: of no pod here.</param>
/// <param name="Origin">The pod that the selector finds, or the object that lists the address.</param>
public sealed record ServiceEndpoint(IPAddress Address, IReadOnlyList<ushort?> Ports, bool IsReady, bool IsServing,
    bool IsTerminating, bool IsLocal, string? HostName, PodEndpoint? Pod, KubernetesObject Origin)
{
    /// <summary>Whether it may be sent connections at all: see KEP-1669 for those that terminate.</summary>
    public bool IsUsable => IsReady || (IsServing && IsTerminating);
}
