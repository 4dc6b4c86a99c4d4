using System.Net;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Selectors;

/// <summary>
/// The pods of a cluster that a policy or a peer selects. A hostNetwork pod is the node, which no selector matches.
/// </summary>
public static class SelectedPods
{
    /// <summary>Whether the policy selects the pod, and isolates it in this direction.</summary>
    public static bool Isolates(this NetworkPolicyObject policy, PodEndpoint pod, Direction direction) =>
        !pod.IsHostNetwork && policy.Namespace == pod.Pod.Namespace && policy.Isolates(direction)
            && policy.PodSelector.Matches(pod.Pod.Labels);

    public static IReadOnlyList<PodEndpoint> Of(Cluster cluster, NetworkPolicyObject policy) =>
        Where(cluster, pod => pod.Pod.Namespace == policy.Namespace && policy.PodSelector.Matches(pod.Pod.Labels));

    public static IReadOnlyList<PodEndpoint> Of(Cluster cluster, TierSubject subject) =>
        Of(cluster, subject.NamespaceSelector, subject.PodSelector);

    /// <param name="pods">Null: all pods of the namespaces.</param>
    public static IReadOnlyList<PodEndpoint> Of(Cluster cluster, LabelSelector namespaces, LabelSelector? pods) =>
        Where(cluster, pod => namespaces.Matches(cluster.NamespaceLabels(pod.Pod.Namespace))
            && pods?.Matches(pod.Pod.Labels) is not false);

    /// <summary>The pods that one item of <c>from</c> or <c>to</c> means.</summary>
    public static IReadOnlyList<PodEndpoint> Of(Cluster cluster, NetworkPolicyObject policy, NetworkPolicyPeer peer) =>
        peer switch
    {
        { IpBlock: { } block } =>
            WithAddress(cluster, a => block.Cidr.Contains(a) && !block.Except.Any(e => e.Contains(a))),
        { NamespaceSelector: { } namespaces } => Of(cluster, namespaces, peer.PodSelector),
        _ => Where(cluster, pod => pod.Pod.Namespace == policy.Namespace
            && peer.PodSelector?.Matches(pod.Pod.Labels) is not false),
    };

    /// <inheritdoc cref="Of(Cluster, NetworkPolicyObject, NetworkPolicyPeer)"/>
    public static IReadOnlyList<PodEndpoint> Of(Cluster cluster, TierPeer peer) => peer switch
    {
        { Nodes: not null } => [],
        { NamespaceSelector: { } namespaces } => Of(cluster, namespaces, peer.PodSelector),
        _ => WithAddress(cluster, a => peer.Networks.Any(n => n.Contains(a))),
    };

    private static IReadOnlyList<PodEndpoint> Where(Cluster cluster, Func<PodEndpoint, bool> matches) =>
        [.. cluster.Pods.Where(pod => !pod.IsHostNetwork && matches(pod))];

    private static IReadOnlyList<PodEndpoint> WithAddress(Cluster cluster, Func<IPAddress, bool> matches) =>
        Where(cluster, pod => AddressFamilies.All.Any(f => pod.Address(f) is { } address && matches(address)));
}
