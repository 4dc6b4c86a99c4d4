using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

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
               from policy in cluster.NetworkPolicies.Concat<KubernetesObject>(cluster.TierPolicies)
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

    public bool Concerns(PodEndpoint before, PodEndpoint after, Direction direction) =>
        !Equals(before.IPv4, after.IPv4) || !Equals(before.IPv6, after.IPv6)
        || _changed.Contains((ObjectKinds.Pod.Name, after.Name))
            || _changed.Contains((ObjectKinds.Namespace.Name, after.Pod.Namespace))
        || _policies.Exists(changed => IsAbout(changed.Policy, before, changed.Cluster, direction)
            || IsAbout(changed.Policy, after, changed.Cluster, direction));

    private static bool IsAbout(KubernetesObject policy, PodEndpoint pod, Cluster cluster, Direction direction) =>
        policy switch
    {
        NetworkPolicyObject network => Isolates(network, pod, direction),
        TierPolicyObject tier => tier.Rules(direction).Count > 0 && ClusterTier.IsSubject(tier, pod, cluster),
        _ => throw new ArgumentOutOfRangeException(nameof(policy), policy.Kind, null),
    };

    public static bool Isolates(NetworkPolicyObject policy, PodEndpoint pod, Direction direction) =>
        !pod.IsHostNetwork && policy.Namespace == pod.Pod.Namespace && policy.Isolates(direction)
        && policy.PodSelector.Matches(pod.Pod.Labels);
}
