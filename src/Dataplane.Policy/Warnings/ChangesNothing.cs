using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Yaml;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Warnings;

/// <summary>S018: without the policy, or without its rules of one direction, every answer would be the same.</summary>
internal static class ChangesNothing
{
    /// <summary>Policies of a namespace that each other is compared with: pairs grow with the square.</summary>
    private const int MaxCompared = 500;

    public static IEnumerable<Diagnostic> Find(Scene scene)
    {
        var baseline = scene.Cluster.TierPolicies.Any(p => p.Tier == PolicyTier.Baseline);
        var (twiceIn, twiceOut) = (ClosedTwice(scene, p => p.IsolatesIngress),
            ClosedTwice(scene, p => p.IsolatesEgress));
        foreach (var group in scene.Cluster.NetworkPolicies.GroupBy(p => p.Namespace))
        {
            var policies = group.ToList();
            for (var i = 0; i < policies.Count; i++)
            {
                if (IgnoredRules(scene, policies[i]) is { } ignored)
                {
                    yield return ignored;
                }
                else if (scene.Subjects(policies[i]).IsEmpty || scene.Unseen.PodsIn(group.Key)
                    || scene.Unseen.PoliciesIn(group.Key))
                {
                    continue;
                }
                else if (policies.Take(MaxCompared).FirstOrDefault(q => Replaces(scene, q, policies[i])) is { } other)
                {
                    yield return Warn(policies[i],
                        $"NetworkPolicy `{policies[i].FullName}` changes nothing: "
                        + $"`{other.Name}` says all of it already",
                        "policies add up: this one neither closes nor opens anything",
                        "remove it, or look for what it was meant to say") with
                    {
                        Related = new RelatedPlace(other.Position, 1, "says it already"),
                    };
                }
                else if (!baseline && AllowsAll(policies[i])
                    && !(policies[i].IsolatesIngress && Overlap(scene, policies[i], twiceIn))
                    && !(policies[i].IsolatesEgress && Overlap(scene, policies[i], twiceOut)))
                {
                    yield return Warn(policies[i],
                        $"NetworkPolicy `{policies[i].FullName}` changes nothing: it allows everything to pods that "
                        + "no other policy closes",
                        "a pod that no policy selects is open as it is",
                        "remove it, or say in its rules what may pass");
                }
            }
        }
        foreach (var policy in scene.Cluster.TierPolicies.Where(p => p.Ingress.Count == 0 && p.Egress.Count == 0))
        {
            yield return Warn(policy, $"{policy.Kind} `{policy.Name}` changes nothing: it has no rules",
                "unlike a NetworkPolicy, it isolates nothing by selecting pods",
                "add rules, or remove it");
        }
    }

    private static Diagnostic? IgnoredRules(Scene scene, NetworkPolicyObject policy)
    {
        var idle = Scene.Directions.Where(d => !policy.Isolates(d) && policy.Rules(d).Count > 0).ToList();
        if (idle is not [var direction, ..])
        {
            return null;
        }
        var type = direction.PolicyType();
        return Scene.Warning(SemanticCodes.ChangesNothing,
            $"the {direction.Text()} rules of `{policy.FullName}` change nothing: `policyTypes` does not list {type}",
            policy.Rules(direction)[0].Position, 1, "never looked at",
            $"the pods stay open for {direction.Text()}, whatever these rules say",
            $"add {type} to `policyTypes`, or remove the rules") with
        {
            Related = policy.PolicyTypesPosition is { } types
                ? new RelatedPlace(types, "policyTypes".Length, $"no {type} here") : null,
            Fix = policy.PolicyTypesPosition is { } key && scene.Text(key) is { } text
                ? WordList.With(text, key, type) : null,
        };
    }

    /// <summary>
    /// Whether the other closes whatever this one closes, and opens whatever this one opens. Of two alike, the first
    /// stays.
    /// </summary>
    private static bool Replaces(Scene scene, NetworkPolicyObject other, NetworkPolicyObject policy)
        => other != policy && Contains(scene, other, policy)
            && (ComesBefore(other, policy) || !Contains(scene, policy, other));

    /// <summary>
    /// A policy without rules, the usual default deny, is only measured by others of its kind: that another closes the
    /// same pods while it opens something makes it redundant too, and is not worth a warning.
    /// </summary>
    private static bool Contains(Scene scene, NetworkPolicyObject wide, NetworkPolicyObject narrow)
        => (wide.IsolatesIngress || !narrow.IsolatesIngress) && (wide.IsolatesEgress || !narrow.IsolatesEgress)
           && (!narrow.IsolatesIngress || (wide.Ingress.Count > 0) == (narrow.Ingress.Count > 0))
           && (!narrow.IsolatesEgress || (wide.Egress.Count > 0) == (narrow.Egress.Count > 0))
           && scene.Subjects(wide).IsSupersetOf(scene.Subjects(narrow))
           && (!narrow.IsolatesIngress || narrow.Ingress.All(n => wide.Ingress.Any(w => Containment.Covers(w, n))))
           && (!narrow.IsolatesEgress || narrow.Egress.All(n => wide.Egress.Any(w => Containment.Covers(w, n))));

    private static bool ComesBefore(NetworkPolicyObject a, NetworkPolicyObject b)
        => string.CompareOrdinal(a.Position.File, b.Position.File) is var files
            && (files < 0 || (files == 0 && a.Position.Line < b.Position.Line));

    private static bool AllowsAll(NetworkPolicyObject policy)
        => Scene.Directions.All(d => !policy.Isolates(d)
            || policy.Rules(d).Any(r => r is { Peers.Count: 0, Ports.Count: 0 }));

    /// <summary>The pods that more than one policy closes in a direction.</summary>
    private static AddressSet ClosedTwice(Scene scene, Func<NetworkPolicyObject, bool> closes)
    {
        var (once, twice) = (scene.Space.Nothing, scene.Space.Nothing);
        foreach (var policy in scene.Cluster.NetworkPolicies.Where(closes))
        {
            twice.UnionWith(once.Clone().IntersectWith(scene.Subjects(policy)));
            once.UnionWith(scene.Subjects(policy));
        }
        return twice;
    }

    private static bool Overlap(Scene scene, NetworkPolicyObject policy, AddressSet set) =>
        !scene.Subjects(policy).Clone().IntersectWith(set).IsEmpty;

    private static Diagnostic Warn(KubernetesObject policy, string message, string note, string help)
        => Scene.Warning(SemanticCodes.ChangesNothing, message, policy.Position, 1, "this policy", note, help);
}
