using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Diff;

/// <summary>
/// The pods that a change concerns: those that a changed policy selects, before or after, and those that changed
/// themselves.
/// </summary>
internal sealed class ChangedPods
{
    private readonly HashSet<(string Kind, string Name)> _changed;
    private readonly List<(Cluster Cluster, KubernetesObject Policy)> _policies;

    public ChangedPods(Cluster before, Cluster after, IReadOnlyList<ObjectChange> objects)
    {
        _changed = [.. objects.Select(change => (change.Kind, change.Name))];
        _policies =
        [
            .. from cluster in new[] { before, after }
               from policy in ChangedPolicies.Of(cluster)
               where _changed.Contains((policy.Kind, policy.FullName))
               select (cluster, policy),
        ];
        Node = before.Node != after.Node || !LabelSets.SameLabels(before.NodeLabels, after.NodeLabels);
    }

    /// <summary>The ipBlocks of changed NetworkPolicies, before and after.</summary>
    public IEnumerable<IpBlock> Blocks => _policies.Select(changed => changed.Policy).OfType<NetworkPolicyObject>()
        .SelectMany(policy => policy.Ingress.Concat(policy.Egress)).SelectMany(rule => rule.Peers)
            .Select(peer => peer.IpBlock).OfType<IpBlock>();

    /// <summary>The node's labels or addresses changed.</summary>
    public bool Node { get; }

    /// <param name="before">Null: the pod is new.</param>
    /// <param name="after">Null: the pod is gone.</param>
    public bool Concerns(PodEndpoint? before, PodEndpoint? after, Direction direction) =>
        before is null || after is null || !Equals(before.IPv4, after.IPv4) || !Equals(before.IPv6, after.IPv6)
        || _changed.Contains((ObjectKinds.Pod.Name, after.Name))
        || _changed.Contains((ObjectKinds.Namespace.Name, after.Pod.Namespace))
        || _policies.Exists(changed => ChangedPolicies.IsAbout(changed.Policy, before, changed.Cluster, direction)
            || ChangedPolicies.IsAbout(changed.Policy, after, changed.Cluster, direction));
}
