using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Objects;

/// <summary>
/// The complete desired state: every object once, sorted by full name. Namespaces that are only referred to are included.
/// </summary>
public sealed record ManifestSet(
    IReadOnlyList<NamespaceObject> Namespaces, IReadOnlyList<PodObject> Pods, IReadOnlyList<NetworkPolicyObject> NetworkPolicies)
{
    /// <summary>ClusterNetworkPolicy, AdminNetworkPolicy, BaselineAdminNetworkPolicy: by tier, then in the order they are asked (priority, name).</summary>
    public IReadOnlyList<TierPolicyObject> TierPolicies { get; init; } = [];

    /// <summary>Node manifests, by name. There is one machine here: the first stands for it.</summary>
    public IReadOnlyList<NodeObject> Nodes { get; init; } = [];
}

/// <summary>What loading gave: <see cref="Manifests"/> may only be used when no diagnostic is an error.</summary>
public sealed record LoadResult(ManifestSet Manifests, IReadOnlyList<Diagnostic> Diagnostics)
{
    public bool HasErrors => Diagnostics.Any(d => d.Severity == Severity.Error);

    /// <summary>The YAML documents in the order they were read; those of nothing but comments are left out.</summary>
    public IReadOnlyList<ManifestDocument> Documents { get; init; } = [];

    /// <summary>What was read, by file name, so that diagnostics can show the lines they are about.</summary>
    public IReadOnlyDictionary<string, SourceText> Sources { get; init; } = new Dictionary<string, SourceText>();
}

/// <summary>One YAML document and what it declares.</summary>
/// <param name="FirstLine">The number, from 1, that the first line of <paramref name="Text"/> has in the file.</param>
/// <param name="Text">As written, without the <c>---</c> above it; loading it again gives the same objects at the same places.</param>
/// <param name="Objects">A list counts as its items, a Deployment or the like as itself.</param>
public sealed record ManifestDocument(string File, int FirstLine, string Text, IReadOnlyList<KubernetesObject> Objects)
{
    /// <summary>The text was read as it stands here, without what was around it.</summary>
    public bool IsReadAlone { get; init; }
}
