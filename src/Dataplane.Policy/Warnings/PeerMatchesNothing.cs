using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Warnings;

/// <summary>S011: a selector of a peer matches nothing, so the peer means no endpoint.</summary>
internal static class PeerMatchesNothing
{
    private const string Nobody = "so this peer stands for nobody";

    public static IEnumerable<Diagnostic> Find(Scene scene)
    {
        if (!scene.HasPods)
        {
            yield break;
        }
        foreach (var policy in scene.Cluster.NetworkPolicies)
        {
            foreach (var peer in policy.Ingress.Concat(policy.Egress).SelectMany(r => r.Peers))
            {
                // S022 says what a namespaceSelector without a value means.
                if (!policy.EmptyFields.Any(f => f.Owner == peer.Position)
                    && Of(scene, peer, policy.Namespace) is { } found)
                {
                    yield return found;
                }
            }
        }
        foreach (var policy in scene.Cluster.TierPolicies)
        {
            foreach (var peer in policy.Ingress.Concat(policy.Egress).SelectMany(r => r.Peers))
            {
                if (Check(scene, peer.NamespaceSelector, peer.PodSelector, own: null) is { } found)
                {
                    yield return found;
                }
            }
        }
    }

    /// <summary>
    /// What is wrong with one peer of a NetworkPolicy; null where it matches something, or where nothing can be said.
    /// </summary>
    public static Diagnostic? Of(Scene scene, NetworkPolicyPeer peer, string own) =>
        Check(scene, peer.NamespaceSelector, peer.PodSelector, own, peer.Position);

    /// <param name="own">The namespace that a podSelector alone is about; null where there is no such thing.</param>
    /// <param name="at">The peer, where it may get a namespaceSelector.</param>
    private static Diagnostic? Check(Scene scene, LabelSelector? namespaces, LabelSelector? pods, string? own,
        SourcePosition? at = null)
    {
        if (IsOfTheSystem(namespaces) || (IsOfTheSystem(pods) && MayBeSystem(namespaces, own))
            || IsUnseen(scene, namespaces, own))
        {
            return null;
        }
        if (namespaces is { Requirements.Count: > 0 } && scene.InNamespaces(namespaces).IsEmpty
            && !scene.Namespaces.Any(n => namespaces.Matches(scene.Cluster.NamespaceLabels(n))))
        {
            var near = NearMiss.Of(namespaces,
                scene.Namespaces.Select(n => new Candidate(n, n, scene.Cluster.NamespaceLabels(n))), "namespace");
            return Warn(scene, $"namespaceSelector {namespaces.Text()} matches no namespace", near);
        }
        if (pods is not { Requirements.Count: > 0 })
        {
            return null;
        }
        var among = namespaces is not null ? scene.InNamespaces(namespaces) : own is not null
            ? scene.Space.InNamespace(own) : null;
        if (among is null || !among.Clone().IntersectWith(scene.Space.Selected(pods)).IsEmpty
            || scene.PodsOf(among).Any(p => pods.MayMatch(p.Labels)))
        {
            return null;
        }
        var where = namespaces is null ? $"of namespace `{own}`" : namespaces.Requirements.Count == 0
            ? "of any namespace" : $"of namespaces {namespaces.Text()}";
        var message = $"podSelector {pods.Text()} matches no pod {where}";
        if (scene.HostNetworkPod(p =>
            (namespaces?.Matches(scene.Cluster.NamespaceLabels(p.Namespace)) ?? p.Namespace == own)
            && pods.Matches(p.Labels)) is { } host)
        {
            return Warn(scene, message, NearMiss.OfHostNetwork(pods.Requirements[0], host, "no podSelector finds it"));
        }
        if (among.IsEmpty)
        {
            return null;
        }
        var elsewhere = scene.Space.Selected(pods);
        return elsewhere.IsEmpty
            ? Warn(scene, message, Nearest(scene, pods, among))
            : Warn(scene, message, namespaces is null ? Elsewhere(scene, pods, elsewhere, at)
                : new NearMiss(pods.Requirements[0], $"it would match {scene.Names(elsewhere)}",
                    "correct the `namespaceSelector`"));
    }

    /// <summary>A podSelector alone that finds pods of other namespaces.</summary>
    private static NearMiss Elsewhere(Scene scene, LabelSelector pods, AddressSet found, SourcePosition? at)
    {
        const string Own = "a podSelector alone means the policy's own namespace: ";
        var near = new NearMiss(pods.Requirements[0], $"it would match {scene.Names(found)}",
            Own + "add a `namespaceSelector` to the same item");
        if (scene.PodsOf(found).Select(p => p.Namespace).Distinct().Take(2).ToList() is not [var only])
        {
            return near;
        }
        var selector = $"namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: {YamlText.Word(only)}}}}}";
        near = near with { Help = $"{Own}write `{selector}` in the same item" };
        if (at is not { } place || scene.Text(place) is not { } text)
        {
            return near;
        }
        return near with
        {
            Fix = text.IsFlow(place) ? new Fix(YamlText.Insert(YamlText.Behind(place, 1), $"{selector}, "))
                : new Fix(YamlText.Insert(place, $"{selector}\n{new string(' ', place.Column - 1)}")),
        };
    }

    /// <summary>Whether the peer may stand for pods that are not in the cluster.</summary>
    private static bool IsUnseen(Scene scene, LabelSelector? namespaces, string? own) =>
        namespaces is not null ? scene.Unseen.PodsIn(namespaces) : own is not null && scene.Unseen.PodsIn(own);

    private static NearMiss Nearest(Scene scene, LabelSelector pods, AddressSet among)
    {
        var here = NearMiss.Of(pods, scene.PodsOf(among).Select(Candidate.Of), "pod");
        return here.Help is null ? NearMiss.OfName(pods, scene.PodsOf(scene.Space.Everything)) ?? here : here;
    }

    /// <summary>
    /// Namespaces and pods that every cluster has and no manifest of its users does: kube-system, its DNS.
    /// </summary>
    private static bool IsOfTheSystem(LabelSelector? selector)
        => selector is not null && selector.Requirements.Any(r => r.Key == "k8s-app"
            || r.Values.Any(v => v.StartsWith("kube-", StringComparison.Ordinal)
                || v.Contains("coredns", StringComparison.Ordinal)));

    /// <summary>Whether pods of the system may be meant: a podSelector alone stays in the policy's namespace.</summary>
    private static bool MayBeSystem(LabelSelector? namespaces, string? own) =>
        namespaces is not null || own is null || own.StartsWith("kube-", StringComparison.Ordinal)
        || own.StartsWith("openshift-", StringComparison.Ordinal);

    private static Diagnostic Warn(Scene scene, string message, NearMiss near)
        => near.Warning(scene, SemanticCodes.PeerMatchesNothing, message, Nobody);
}
