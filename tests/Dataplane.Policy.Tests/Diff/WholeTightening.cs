using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Diff;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Tests;

/// <summary>
/// <see cref="Tightening"/> in its plainest form: every object is compared by what it says, every pod is asked.
/// </summary>
internal static class WholeTightening
{
    public static bool May(Cluster before, Cluster after)
    {
        if (before.Node != after.Node || !LabelSets.SameLabels(before.NodeLabels, after.NodeLabels)) return true;
        var old = before.Pods.ToDictionary(p => p.Name);
        var staying = after.Pods.Where(p => old.TryGetValue(p.Name, out var was)
            && Equals(was.IPv4, p.IPv4)
            && Equals(was.IPv6, p.IPv6)).ToDictionary(p => p.Name);
        var policies = new HashSet<string>();
        foreach (var change in ObjectChanges.Between(Judged(before), Judged(after)))
        {
            switch (change.Kind)
            {
                case "Namespace": break; // Its labels count where a pod stays in it.
                case "Pod" when change.Change != ObjectChangeKind.Changed || !staying.ContainsKey(change.Name): break;
                case "NetworkPolicy": policies.Add(change.Name); break;
                default: return true;
            }
        }
        return staying.Values.Select(p => p.Pod.Namespace)
            .Distinct()
            .Any(name => !LabelSets.SameLabels(before.NamespaceLabels(name), after.NamespaceLabels(name)))
            || (policies.Count > 0 && MayPolicies(before, after, policies, staying.Values));
    }

    /// <summary>What no policy sees is the same everywhere.</summary>
    private static Cluster Judged(Cluster cluster) => cluster with
    {
        Services = [],
        Endpoints = [],
        Pods = [.. cluster.Pods.Select(p => p with
        {
            Pod = p.Pod with { IsReady = true, IsTerminating = false, HostName = null, Subdomain = null },
        })],
    };

    private static bool MayPolicies(Cluster before, Cluster after, HashSet<string> changed,
        IReadOnlyCollection<PodEndpoint> staying)
    {
        var now = after.NetworkPolicies.Where(p => changed.Contains(p.FullName)).ToDictionary(p => p.FullName);
        var lost = before.NetworkPolicies.Where(p => changed.Contains(p.FullName))
            .Where(p => !now.TryGetValue(p.FullName, out var becomes) || !ObjectChanges.OnlyMoreRules(p, becomes))
            .ToList();
        return staying.Any(pod => Enum.GetValues<Direction>()
            .Any(side => (IsIsolated(before, pod, side), IsIsolated(after, pod, side)) switch
            {
                (false, false) => false,
                (false, true) => true,
                // The Baseline tier, which was not asked so far, is.
                (true, false) => after.Tier(PolicyTier.Baseline)
                    .Any(policy => ClusterTier.IsSubject(policy, pod, after)),
                (true, true) => lost.Exists(policy => policy.Isolates(pod, side)),
            }));
    }

    private static bool IsIsolated(Cluster cluster, PodEndpoint pod, Direction side) =>
        cluster.NetworkPolicies.Any(policy => policy.Isolates(pod, side));
}
