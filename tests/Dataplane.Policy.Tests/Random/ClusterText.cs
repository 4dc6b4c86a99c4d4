using System.Text;
using Dataplane.Kubernetes;

namespace Dataplane.Policy.Tests;

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
            text.AppendLine($"pod {pod.Name} [{Labels(pod.Pod.Labels)}] {pod.IPv4} {pod.IPv6}{(pod.IsHostNetwork ? " hostNetwork" : "")} {ports}");
        }
        foreach (var policy in cluster.NetworkPolicies)
        {
            text.AppendLine($"policy {policy.FullName} selects {policy.PodSelector.Text()}");
            Rules("ingress", policy.IsolatesIngress, policy.Ingress);
            Rules("egress", policy.IsolatesEgress, policy.Egress);
        }
        return text.ToString();

        void Rules(string name, bool isolates, IReadOnlyList<NetworkPolicyRule> rules)
        {
            text.AppendLine($"  {name}{(isolates ? "" : " (not isolated)")}");
            foreach (var rule in rules)
            {
                text.AppendLine($"  - peers {List(rule.Peers.Select(Peer))} ports {List(rule.Ports.Select(port => port.Text()))}");
            }
        }
    }

    private static string Peer(NetworkPolicyPeer peer) => peer.IpBlock is { } block
        ? $"{block.Cidr}{string.Concat(block.Except.Select(hole => $" except {hole}"))}"
        : $"namespaces {peer.NamespaceSelector?.Text() ?? "own"} pods {peer.PodSelector?.Text() ?? "{}"}";

    private static string List(IEnumerable<string> items) => items.Any() ? $"[{string.Join(" | ", items)}]" : "all";

    private static string Labels(IReadOnlyDictionary<string, string> labels) => string.Join(", ", labels.Select(label => $"{label.Key}={label.Value}"));
}
