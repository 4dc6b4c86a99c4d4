using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Warnings;

/// <summary>
/// What may exist and is not in the cluster: a warning that something is missing is false where it could be this.
/// </summary>
internal sealed class UnseenObjects(Cluster cluster)
{
    /// <summary>Namespaces that unseen objects are in: they exist, although nothing declares them.</summary>
    public IEnumerable<string> Namespaces => cluster.Unseen.Select(u => u.Namespace).OfType<string>();

    /// <summary>Whether there may be more pods somewhere.</summary>
    public bool AnyPods => cluster.Unseen.Any(u => u.Kinds.HasFlag(UnseenKinds.Pods));

    /// <summary>Whether the namespace may have more pods.</summary>
    public bool PodsIn(string ns) => In(ns, UnseenKinds.Pods);

    /// <summary>Whether the namespace may have more policies.</summary>
    public bool PoliciesIn(string ns) => In(ns, UnseenKinds.Policies);

    /// <summary>Whether there may be more pods in the namespaces that the selector finds, or more namespaces.</summary>
    public bool PodsIn(LabelSelector namespaces) => cluster.Unseen.Any(u =>
        u.Kinds.HasFlag(UnseenKinds.Namespaces) || (u.Kinds.HasFlag(UnseenKinds.Pods)
            && (u.Namespace is not { } ns || namespaces.Matches(cluster.NamespaceLabels(ns)))));

    private bool In(string ns, UnseenKinds kinds) =>
        cluster.Unseen.Any(u => u.Kinds.HasFlag(kinds) && (u.Namespace ?? ns) == ns);
}
