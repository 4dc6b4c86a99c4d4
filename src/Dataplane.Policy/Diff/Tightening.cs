using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Diff;

/// <summary>
/// Whether a change can deny a flow that was allowed, between endpoints that stay: a pod that is added or removed has
/// no connections to lose, and a pod whose addresses change counts as another one. True when in doubt: judging a
/// connection again does no harm.
/// </summary>
public static class Tightening
{
    public static bool May(Cluster before, Cluster after) => May(before, after, ClusterDelta.Between(before, after));

    /// <param name="delta">What differs between the two: nothing else is looked at, but for the pods of a namespace
    /// that has other labels or policies.</param>
    /// <remarks>
    /// An address that was outside and becomes a pod's is not seen here: a cluster does not know its pod networks.
    /// </remarks>
    public static bool May(Cluster before, Cluster after, ClusterDelta delta)
    {
        if (delta.Node) return true;
        var old = delta.Pods.Removed.ToDictionary(p => p.Name);
        var others = delta.Pods.Added.Where(p => !old.TryGetValue(p.Name, out var was) || !Equals(was.IPv4, p.IPv4)
            || !Equals(was.IPv6, p.IPv6)).Select(p => p.Name).ToHashSet();
        var (namespaces, policies) = (new HashSet<string>(), new HashSet<string>());
        foreach (var change in Changes(before, after, delta))
        {
            switch (change.Kind)
            {
                // Its labels count where a pod stays in it.
                case "Namespace":
                    if (!LabelSets.SameLabels(before.NamespaceLabels(change.Name), after.NamespaceLabels(change.Name)))
                        namespaces.Add(change.Name);
                    break;
                case "Pod" when change.Change != ObjectChangeKind.Changed || others.Contains(change.Name): break;
                case "NetworkPolicy": policies.Add(change.Name); break;
                default: return true;
            }
        }
        return (namespaces.Count > 0 && Staying(after, namespaces, others).Any())
            || (policies.Count > 0 && MayPolicies(before, after, delta, policies, others));
    }

    private static IReadOnlyList<ObjectChange> Changes(Cluster before, Cluster after, ClusterDelta delta) =>
        ObjectChanges.Between(
        before with
        {
            Services = [], Endpoints = [], Pods = Judged(delta.Pods.Removed),
            Namespaces = ByName(delta.Namespaces.Removed), NetworkPolicies = delta.NetworkPolicies.Removed,
            TierPolicies = delta.TierPolicies.Removed,
        },
        after with
        {
            Services = [], Endpoints = [], Pods = Judged(delta.Pods.Added),
            Namespaces = ByName(delta.Namespaces.Added), NetworkPolicies = delta.NetworkPolicies.Added,
            TierPolicies = delta.TierPolicies.Added,
        });

    /// <summary>Pods without what policies do not see. Nor do they see Services: they judge what is behind one.
    /// </summary>
    private static List<PodEndpoint> Judged(IReadOnlyList<PodEndpoint> pods) => [.. pods.Select(pod => pod with
    {
        Pod = pod.Pod with { IsReady = true, IsTerminating = false, HostName = null, Subdomain = null },
    })];

    private static Dictionary<string, NamespaceObject> ByName(IReadOnlyList<NamespaceObject> namespaces) =>
        namespaces.ToDictionary(n => n.Name);

    private static IEnumerable<PodEndpoint> Staying(Cluster after, HashSet<string> namespaces,
        HashSet<string> others) =>
        after.Pods.Where(pod => namespaces.Contains(pod.Pod.Namespace) && !others.Contains(pod.Name));

    private static bool MayPolicies(Cluster before, Cluster after, ClusterDelta delta, HashSet<string> changed,
        HashSet<string> others)
    {
        var now = delta.NetworkPolicies.Added.Where(p => changed.Contains(p.FullName)).ToDictionary(p => p.FullName);
        var was = delta.NetworkPolicies.Removed.Where(p => changed.Contains(p.FullName)).ToList();
        var lost =
            was.Where(p => !now.TryGetValue(p.FullName, out var becomes) || !ObjectChanges.OnlyMoreRules(p, becomes))
            .ToList();
        // Elsewhere pods are isolated as they were.
        var namespaces = was.Concat(now.Values).Select(p => p.Namespace).ToHashSet();
        var (old, next) = (In(before), In(after));
        return Staying(after, namespaces, others)
            .Any(pod => Enum.GetValues<Direction>()
            .Any(direction => (IsIsolated(old, pod, direction), IsIsolated(next, pod, direction)) switch
        {
            (false, false) => false,
            (false, true) => true,
            // The Baseline tier now applies, and did not before.
            (true, false) => after.Tier(PolicyTier.Baseline).Any(policy => ClusterTier.IsSubject(policy, pod, after)),
            (true, true) => lost.Exists(policy => policy.Isolates(pod, direction)),
        }));

        List<NetworkPolicyObject> In(Cluster cluster) =>
            [.. cluster.NetworkPolicies.Where(policy => namespaces.Contains(policy.Namespace))];
    }

    private static bool IsIsolated(List<NetworkPolicyObject> policies, PodEndpoint pod, Direction direction) =>
        policies.Exists(policy => policy.Isolates(pod, direction));
}
