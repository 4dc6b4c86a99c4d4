using Dataplane.Kubernetes.Objects;

namespace Dataplane.Policy.Model;

/// <summary>
/// The differences between two clusters, by reference. An object that stays must be the same instance in both: an equal
/// one that was read again counts as changed, which costs time and nothing else.
/// </summary>
/// <param name="Node">The node's addresses or labels differ.</param>
public sealed record ClusterDelta(
    ListDelta<PodEndpoint> Pods, ListDelta<NamespaceObject> Namespaces, ListDelta<NetworkPolicyObject> NetworkPolicies,
    ListDelta<TierPolicyObject> TierPolicies, bool Node)
{
    /// <param name="before">Null: there was nothing.</param>
    public static ClusterDelta Between(Cluster? before, Cluster after) => new(
        ListDelta.Between(before?.Pods ?? [], after.Pods),
        ReferenceEquals(before?.Namespaces, after.Namespaces)
            ? new ListDelta<NamespaceObject>([], [])
            : ListDelta.Between([.. before?.Namespaces.Values ?? []], [.. after.Namespaces.Values]),
        ListDelta.Between(before?.NetworkPolicies ?? [], after.NetworkPolicies),
        ListDelta.Between(before?.TierPolicies ?? [], after.TierPolicies),
        before is null || before.Node != after.Node || !LabelSets.SameLabels(before.NodeLabels, after.NodeLabels));
}
