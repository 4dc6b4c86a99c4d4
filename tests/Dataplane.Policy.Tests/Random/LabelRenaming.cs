using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Tests;

/// <summary>
/// The same cluster with every label key and value spelled differently, one to one, except the namespaces' own name
/// label.
/// </summary>
internal static class LabelRenaming
{
    private const string NameLabel = "kubernetes.io/metadata.name";

    public static Cluster Apply(Cluster cluster) => cluster with
    {
        Namespaces = cluster.Namespaces.ToDictionary(entry => entry.Key,
            entry => entry.Value with { Labels = Rename(entry.Value.Labels) }),
        Pods = [.. cluster.Pods.Select(
            pod => new PodEndpoint(pod.Pod with { Labels = Rename(pod.Pod.Labels) }, pod.IPv4, pod.IPv6))],
        NetworkPolicies = [.. cluster.NetworkPolicies.Select(policy => policy with
        {
            PodSelector = Rename(policy.PodSelector)!, Ingress = Rename(policy.Ingress), Egress = Rename(policy.Egress),
        })],
        TierPolicies = [.. cluster.TierPolicies.Select(policy => policy with
        {
            Subject = policy.Subject with
            {
                NamespaceSelector = Rename(policy.Subject.NamespaceSelector)!,
                PodSelector = Rename(policy.Subject.PodSelector),
            },
            Ingress = Rename(policy.Ingress), Egress = Rename(policy.Egress),
        })],
        NodeLabels = Rename(cluster.NodeLabels),
    };

    private static List<TierRule> Rename(IReadOnlyList<TierRule> rules) => [.. rules.Select(rule => rule with
    {
        Peers = [.. rule.Peers.Select(peer => peer with
        {
            NamespaceSelector = Rename(peer.NamespaceSelector), PodSelector = Rename(peer.PodSelector),
            Nodes = Rename(peer.Nodes),
        })],
    })];

    private static List<NetworkPolicyRule> Rename(IReadOnlyList<NetworkPolicyRule> rules) =>
        [.. rules.Select(rule => rule with { Peers = [.. rule.Peers.Select(Rename)] })];

    private static NetworkPolicyPeer Rename(NetworkPolicyPeer peer) =>
        peer with { PodSelector = Rename(peer.PodSelector), NamespaceSelector = Rename(peer.NamespaceSelector) };

    private static LabelSelector? Rename(LabelSelector? selector) => selector is null ? null : selector with
    {
        Requirements = [
            .. selector.Requirements.Select(requirement => requirement.Key == NameLabel ? requirement : requirement with
            {
                Key = Key(requirement.Key), Values = [.. requirement.Values.Select(Value)],
            })],
    };

    private static Dictionary<string, string> Rename(IReadOnlyDictionary<string, string> labels) =>
        labels.ToDictionary(label => label.Key == NameLabel ? NameLabel : Key(label.Key),
            label => label.Key == NameLabel ? label.Value : Value(label.Value));

    // Swaps what the generator uses, so that a comparison that ignores keys, or orders values, would show.
    private static string Key(string key) => key switch { "app" => "tier", "tier" => "example.com/z", _ => $"k-{key}" };

    private static string Value(string value) => value switch { "a" => "b", "b" => "", _ => $"v{value}" };
}
