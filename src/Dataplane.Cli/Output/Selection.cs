using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Cli.Output;

/// <summary>The pods that the selectors of a policy match now. hostNetwork pods are the node, and no selector matches them.</summary>
internal static class Selection
{
    public static IReadOnlyList<PodEndpoint> Pods(Cluster cluster, NetworkPolicyObject policy) =>
        [.. Selectable(cluster).Where(p => p.Pod.Namespace == policy.Namespace && policy.PodSelector.Matches(p.Pod.Labels))];

    public static IReadOnlyList<PodEndpoint> Pods(Cluster cluster, TierSubject subject) => Pods(cluster, subject.NamespaceSelector, subject.PodSelector);

    /// <param name="pods">Null: all of the namespaces.</param>
    public static IReadOnlyList<PodEndpoint> Pods(Cluster cluster, LabelSelector namespaces, LabelSelector? pods) =>
        [.. Selectable(cluster).Where(p => namespaces.Matches(cluster.NamespaceLabels(p.Pod.Namespace)) && pods?.Matches(p.Pod.Labels) is not false)];

    /// <summary>Of an item of from or to.</summary>
    public static IReadOnlyList<PodEndpoint> Pods(Cluster cluster, NetworkPolicyObject policy, NetworkPolicyPeer peer) => peer switch
    {
        { IpBlock: { } block } => [.. Selectable(cluster).Where(p => AddressFamilies.All.Any(f => p.Address(f) is { } a && block.Cidr.Contains(a) && !block.Except.Any(e => e.Contains(a))))],
        { NamespaceSelector: { } namespaces } => Pods(cluster, namespaces, peer.PodSelector),
        _ => [.. Selectable(cluster).Where(p => p.Pod.Namespace == policy.Namespace && peer.PodSelector?.Matches(p.Pod.Labels) is not false)],
    };

    public static IReadOnlyList<PodEndpoint> Pods(Cluster cluster, TierPeer peer) => peer switch
    {
        { Nodes: not null } => [],
        { NamespaceSelector: { } namespaces } => Pods(cluster, namespaces, peer.PodSelector),
        _ => [.. Selectable(cluster).Where(p => AddressFamilies.All.Any(f => p.Address(f) is { } a && peer.Networks.Any(n => n.Contains(a))))],
    };

    private static IEnumerable<PodEndpoint> Selectable(Cluster cluster) => cluster.Pods.Where(p => !p.IsHostNetwork);
}
