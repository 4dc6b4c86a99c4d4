using System.Text;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Testing.Clusters;

/// <summary>A cluster in a few lines, for the message of a failed test.</summary>
public static class ClusterText
{
    public static string Describe(Cluster cluster)
    {
        var text = new StringBuilder();
        foreach (var ns in cluster.Namespaces.Values)
        {
            text.AppendLine($"namespace {ns.Name} [{Labels(ns.Labels)}]");
        }
        foreach (var pod in cluster.Pods)
        {
            var ports = string.Join(' ', pod.Pod.Ports.Select(port => $"{port.Name}={port.Protocol}/{port.Port}"));
            text.AppendLine($"pod {pod.Name} [{Labels(pod.Pod.Labels)}] {pod.IPv4} "
                + $"{pod.IPv6}{(pod.IsHostNetwork ? " hostNetwork" : "")} {ports}");
        }
        foreach (var policy in cluster.NetworkPolicies)
        {
            text.AppendLine($"policy {policy.FullName} selects {policy.PodSelector.Text()}");
            Rules("ingress", policy.IsolatesIngress, policy.Ingress);
            Rules("egress", policy.IsolatesEgress, policy.Egress);
        }
        foreach (var policy in cluster.TierPolicies)
        {
            text.AppendLine($"{policy.Kind} {policy.Name} {policy.Tier} {policy.Priority} for namespaces "
                + $"{policy.Subject.NamespaceSelector.Text()} pods {policy.Subject.PodSelector?.Text() ?? "{}"}");
            TierRules("ingress", policy.Ingress);
            TierRules("egress", policy.Egress);
        }
        return text.ToString();

        void TierRules(string name, IReadOnlyList<TierRule> rules)
        {
            foreach (var rule in rules)
            {
                text.AppendLine(
                    $"  {name} {rule.Action} {List(rule.Peers.Select(Peer))} ports {List(rule.Ports.Select(Port))}");
            }
        }

        void Rules(string name, bool isolates, IReadOnlyList<NetworkPolicyRule> rules)
        {
            text.AppendLine($"  {name}{(isolates ? "" : " (not isolated)")}");
            foreach (var rule in rules)
            {
                text.AppendLine(
                    $"  - peers {List(rule.Peers.Select(Peer))} ports {List(rule.Ports.Select(port => port.Text()))}");
            }
        }
    }

    private static string Peer(NetworkPolicyPeer peer) => peer.IpBlock is { } block
        ? $"{block.Cidr}{string.Concat(block.Except.Select(hole => $" except {hole}"))}"
        : $"namespaces {peer.NamespaceSelector?.Text() ?? "own"} pods {peer.PodSelector?.Text() ?? "{}"}";

    private static string Peer(TierPeer peer) => peer switch
    {
        { Nodes: { } nodes } => $"nodes {nodes.Text()}",
        { NamespaceSelector: { } namespaces } =>
            $"namespaces {namespaces.Text()} pods {peer.PodSelector?.Text() ?? "{}"}",
        _ => $"networks {string.Join(' ', peer.Networks)}",
    };

    private static string Port(TierPort port) => port.Name ?? $"{port.Protocol} {port.First}-{port.Last}";

    private static string List(IEnumerable<string> items) => items.Any() ? $"[{string.Join(" | ", items)}]" : "all";

    private static string Labels(IReadOnlyDictionary<string, string> labels) =>
        string.Join(", ", labels.Select(label => $"{label.Key}={label.Value}"));
}
