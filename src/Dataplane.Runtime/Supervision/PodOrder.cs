using Dataplane.Kubernetes.Objects;
using Dataplane.Runtime.Commands;

namespace Dataplane.Runtime.Supervision;

/// <summary>What a supervisor runs in a pod. Equal by content: an equal order changes nothing.</summary>
/// <param name="Netns">The pod's network namespace: a name below /run/netns, or a path where it is somebody
/// else's.</param>
/// <param name="HostName">A DNS label.</param>
/// <param name="Identity">Differs between two pods of the same name, the earlier of which was deleted.</param>
public sealed record PodOrder(string Namespace, string Name, string Identity, string Netns, string HostName,
    PodPrograms Programs, PodFacts Facts)
{
    /// <summary><c>namespace/name</c>: one pod of a name runs at a time, another waits until it has ended.</summary>
    public string Key => $"{Namespace}/{Name}";
}
