using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Objects;

/// <summary>
/// core/v1 Namespace. Labels always include <c>kubernetes.io/metadata.name</c>, as the API server adds it.
/// </summary>
public sealed record NamespaceObject(string Name, IReadOnlyDictionary<string, string> Labels, SourcePosition Position)
    : KubernetesObject("", Name, Labels, Position)
{
    public override string Kind => ObjectKinds.Namespace.Name;

    /// <summary>True if no manifest declares it: only objects in it name it, so its labels are not known.</summary>
    public bool IsImplied { get; init; }
}
