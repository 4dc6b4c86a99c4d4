using System.Net;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Objects;

/// <summary>
/// core/v1 Node: the labels that <c>nodes</c> peers select, and the addresses that hostNetwork pods share.
/// </summary>
/// <param name="Addresses">status.addresses of type InternalIP, in order.</param>
public sealed record NodeObject(string Name, IReadOnlyDictionary<string, string> Labels,
    IReadOnlyList<IPAddress> Addresses, SourcePosition Position)
    : KubernetesObject("", Name, Labels, Position)
{
    public override string Kind => ObjectKinds.Node.Name;
}
