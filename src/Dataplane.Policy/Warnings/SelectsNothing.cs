using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Warnings;

/// <summary>
/// S015: a policy that is about no pod, in a place where there are pods, or where pods elsewhere show what was meant.
/// </summary>
internal static class SelectsNothing
{
    private const string NotInForce = "so the policy restricts nobody";

    public static IEnumerable<Diagnostic> Find(Scene scene)
    {
        if (!scene.HasPods)
        {
            yield break;
        }
        foreach (var policy in scene.Cluster.NetworkPolicies)
        {
            if (policy.PodSelector.Requirements.Count > 0 && scene.Subjects(policy).IsEmpty
                && !scene.Unseen.PodsIn(policy.Namespace) && Check(scene, policy) is { } found)
            {
                yield return found;
            }
        }
        foreach (var policy in scene.Cluster.TierPolicies)
        {
            if (scene.Subjects(policy).IsEmpty && !scene.Unseen.PodsIn(policy.Subject.NamespaceSelector)
                && Check(scene, policy) is { } found)
            {
                yield return found;
            }
        }
    }

    private static Diagnostic? Check(Scene scene, NetworkPolicyObject policy)
    {
        var message = $"podSelector {policy.PodSelector.Text()} matches no pod of namespace `{policy.Namespace}`";
        var first = policy.PodSelector.Requirements[0];
        if (scene.HostNetworkPod(p => p.Namespace == policy.Namespace
            && policy.PodSelector.Matches(p.Labels)) is { } host)
        {
            return Warn(scene, message, NearMiss.OfHostNetwork(first, host, "no policy selects it"));
        }
        var here = scene.Space.InNamespace(policy.Namespace);
        if (scene.PodsOf(here).Any(p => policy.PodSelector.MayMatch(p.Labels)))
        {
            return null;
        }
        var elsewhere = scene.Space.Selected(policy.PodSelector);
        if (!elsewhere.IsEmpty)
        {
            return Warn(scene, message, new NearMiss(first, $"it would match {scene.Names(elsewhere)}",
                "a policy selects pods of its own namespace only: correct `metadata.namespace` of the policy"));
        }
        return here.IsEmpty ? null : Warn(scene, message,
            NearMiss.Of(policy.PodSelector, scene.PodsOf(here).Select(Candidate.Of), "pod"));
    }

    private static Diagnostic? Check(Scene scene, TierPolicyObject policy)
    {
        var (namespaces, pods) = (policy.Subject.NamespaceSelector, policy.Subject.PodSelector);
        if (namespaces.Requirements.Count > 0
            && !scene.Namespaces.Any(n => namespaces.Matches(scene.Cluster.NamespaceLabels(n))))
        {
            var near = NearMiss.Of(namespaces,
                scene.Namespaces.Select(n => new Candidate(n, n, scene.Cluster.NamespaceLabels(n))), "namespace");
            return Warn(scene, $"the subject {namespaces.Text()} matches no namespace", near);
        }
        var among = scene.InNamespaces(namespaces);
        return pods is not { Requirements.Count: > 0 } || among.IsEmpty
            || scene.PodsOf(among).Any(p => pods.MayMatch(p.Labels)) ? null
            : Warn(scene, $"the subject's podSelector {pods.Text()} matches no pod",
                NearMiss.Of(pods, scene.PodsOf(among).Select(Candidate.Of), "pod"));
    }

    private static Diagnostic Warn(Scene scene, string message, NearMiss near)
        => near.Warning(scene, SemanticCodes.SelectsNothing, message, NotInForce);
}
