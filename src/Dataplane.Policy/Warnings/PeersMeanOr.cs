using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Warnings;

/// <summary>
/// S010: exactly two items, one with a podSelector and one with a namespaceSelector. Meant as "these pods of these
/// namespaces", it lets in the whole namespaces. Where one of the two matches nothing, S011 reports it instead.
/// </summary>
internal static class PeersMeanOr
{
    public static IEnumerable<Diagnostic> Find(Scene scene)
    {
        foreach (var policy in scene.Cluster.NetworkPolicies)
        {
            foreach (var direction in Scene.Directions)
            {
                foreach (var rule in policy.Rules(direction))
                {
                    if (rule.Peers is [var first, var second] && Pair(first, second) is var (pods, namespaces)
                        && !(scene.HasPods && rule.Peers.Any(peer =>
                            PeerMatchesNothing.Of(scene, peer, policy.Namespace) is not null)))
                    {
                        yield return Warn(scene, first, second, pods, namespaces, direction);
                    }
                }
            }
        }
    }

    private static (LabelSelector Pods, LabelSelector Namespaces)? Pair(NetworkPolicyPeer first,
        NetworkPolicyPeer second) => (first, second) switch
    {
        ({ PodSelector: { Requirements.Count: > 0 } p, NamespaceSelector: null },
            { PodSelector: null, NamespaceSelector: { Requirements.Count: > 0 } n }) => (p, n),
        ({ PodSelector: null, NamespaceSelector: { Requirements.Count: > 0 } n },
            { PodSelector: { Requirements.Count: > 0 } p, NamespaceSelector: null }) => (p, n),
        _ => null,
    };

    /// <summary>The edit that makes one item of two; null where their fields are not in one column.</summary>
    private static Fix? InOne(YamlText text, NetworkPolicyPeer first, NetworkPolicyPeer second)
    {
        if (text.IsFlow(second.Position))
        {
            return text.IsFlow(first.Position) ? new Fix(new TextEdit(
                YamlText.Behind(text.End(first.Position, inFlow: true), -1), YamlText.Behind(second.Position, 1), ", "))
                : null;
        }
        return text.Dash(second.Position) is { } dash && first.Position.Column == second.Position.Column
            && text.Dash(first.Position) is not null
                ? new Fix(YamlText.Replace(text.Place(second.Position.Line, dash), 1, " ")) : null;
    }

    private static Diagnostic Warn(Scene scene, NetworkPolicyPeer first, NetworkPolicyPeer second, LabelSelector pods,
        LabelSelector namespaces, Direction direction)
    {
        var text = scene.Text(second.Position);
        var fix = text is null ? null : InOne(text, first, second);
        return Scene.Warning(SemanticCodes.PeersMeanOr,
            $"two peers mean OR: any pod in namespaces {namespaces.Text()}, whatever its labels, may "
                + $"{(direction == Direction.Ingress ? "enter" : "be reached")}",
            second.Position, (second.PodSelector is null ? "namespaceSelector" : "podSelector").Length,
            text?.IsFlow(second.Position) is true ? "a second peer" : "a second peer: this `-` starts a new item",
            $"and any pod {pods.Text()} of the policy's own namespace",
            "to require both, put podSelector and namespaceSelector in one item"
                + (fix is null || text!.IsFlow(second.Position) ? ""
                    : $": remove the `-` in line {second.Position.Line}"))
            with
        {
            Related = new RelatedPlace(first.Position,
                (first.PodSelector is null ? "namespaceSelector" : "podSelector").Length, "the first peer"),
            Fix = fix,
        };
    }
}
