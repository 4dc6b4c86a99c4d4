using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Diff;

/// <summary>Which pods a changed policy selects, before or after, and in which direction; and which pods are not what they were.</summary>
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
        Node = before.Node != after.Node || !SameLabels(before.NodeLabels, after.NodeLabels);
    }

    /// <summary>The ipBlocks of changed NetworkPolicies, before and after.</summary>
    public IEnumerable<IpBlock> Blocks => _policies.Select(changed => changed.Policy).OfType<NetworkPolicyObject>()
        .SelectMany(policy => policy.Ingress.Concat(policy.Egress)).SelectMany(rule => rule.Peers).Select(peer => peer.IpBlock).OfType<IpBlock>();

    /// <summary>The node's labels or addresses changed.</summary>
    public bool Node { get; }

    public bool Concerns(PodEndpoint before, PodEndpoint after, Side side) =>
        !Equals(before.IPv4, after.IPv4) || !Equals(before.IPv6, after.IPv6)
        || _changed.Contains(("Pod", after.Name)) || _changed.Contains(("Namespace", after.Pod.Namespace))
        || _policies.Exists(changed => IsAbout(changed.Policy, before, changed.Cluster, side) || IsAbout(changed.Policy, after, changed.Cluster, side));

    private static bool IsAbout(KubernetesObject policy, PodEndpoint pod, Cluster cluster, Side side) => policy switch
    {
        NetworkPolicyObject network => Isolates(network, pod, side),
        TierPolicyObject tier => (side == Side.Leaving ? tier.Egress : tier.Ingress).Count > 0 && ClusterTier.IsSubject(tier, pod, cluster),
        _ => throw new ArgumentOutOfRangeException(nameof(policy), policy.Kind, null),
    };

    public static bool Isolates(NetworkPolicyObject policy, PodEndpoint pod, Side side) => !pod.IsHostNetwork && policy.Namespace == pod.Pod.Namespace
        && (side == Side.Leaving ? policy.IsolatesEgress : policy.IsolatesIngress) && policy.PodSelector.Matches(pod.Pod.Labels);

    public static bool SameLabels(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
        one.Count == other.Count && one.All(label => other.TryGetValue(label.Key, out var value) && value == label.Value);
}
