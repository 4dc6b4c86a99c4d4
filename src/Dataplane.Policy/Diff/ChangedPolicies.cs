using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Diff;

/// <summary>The policies of both sides by which a change can have an effect.</summary>
internal sealed class ChangedPolicies
{
    /// <param name="objects">What differs between the two sides.</param>
    public ChangedPolicies(Cluster before, Cluster after, IReadOnlyList<ObjectChange> objects)
    {
        var changed = objects.Select(change => (change.Kind, change.Name)).ToHashSet();
        var (own, relevant) = (new List<KubernetesObject>(), new List<KubernetesObject>());
        foreach (var cluster in new[] { before, after })
        {
            var pods = cluster.Pods.Where(pod => changed.Contains((ObjectKinds.Pod.Name, pod.Name))
                || changed.Contains((ObjectKinds.Namespace.Name, pod.Pod.Namespace))).ToList();
            foreach (var policy in Of(cluster))
            {
                var isChanged = changed.Contains((policy.Kind, policy.FullName));
                if (isChanged) own.Add(policy);
                if (isChanged || pods.Exists(pod => Enum.GetValues<Direction>()
                    .Any(direction => IsAbout(policy, pod, cluster, direction))))
                {
                    relevant.Add(policy);
                }
            }
        }
        (Changed, Relevant) = (own, relevant);
    }

    /// <summary>The policies that differ themselves.</summary>
    public IReadOnlyList<KubernetesObject> Changed { get; }

    /// <summary>Those, and the policies that are about a pod that differs.</summary>
    public IReadOnlyList<KubernetesObject> Relevant { get; }

    /// <summary>The policies of a cluster, of all kinds.</summary>
    public static IEnumerable<KubernetesObject> Of(Cluster cluster) =>
        cluster.NetworkPolicies.Concat<KubernetesObject>(cluster.TierPolicies);

    /// <summary>Whether a policy decides about what leaves or enters the pod.</summary>
    public static bool IsAbout(KubernetesObject policy, PodEndpoint pod, Cluster cluster, Direction direction) =>
        policy switch
        {
            NetworkPolicyObject network => network.Isolates(pod, direction),
            TierPolicyObject tier => tier.Rules(direction).Count > 0 && ClusterTier.IsSubject(tier, pod, cluster),
            _ => throw new ArgumentOutOfRangeException(nameof(policy), policy.Kind, null),
        };
}
