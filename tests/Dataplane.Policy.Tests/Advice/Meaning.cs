using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Tests.Advice;

/// <summary>What manifests say, one line for each thing, independent of how they are written.</summary>
internal static class Meaning
{
    public static string Of(ManifestSet set) => string.Concat(Lines(set).Select(l => l.TrimEnd() + "\n"));

    private static IEnumerable<string> Lines(ManifestSet set) =>
    [
        .. set.Pods.Select(p => $"Pod {p.FullName} {Labels(p.Labels)}"
            + string.Concat(p.Ports.Select(d => $" {d.Protocol.ToFlowProtocol().Text()} {d.Port}"))),
        .. set.NetworkPolicies.SelectMany(Lines),
        .. set.TierPolicies.SelectMany(Lines),
        .. set.Namespaces.Select(n => $"Namespace {n.Name} {Labels(n.Labels)}"),
    ];

    private static IEnumerable<string> Lines(NetworkPolicyObject policy)
    {
        yield return $"NetworkPolicy {policy.FullName} selects {policy.PodSelector.Text()}";
        foreach (var direction in new[] { Direction.Ingress, Direction.Egress })
        {
            yield return $"  {direction.Text()} {(policy.Isolates(direction) ? "closed" : "open")}";
            foreach (var rule in policy.Isolates(direction) ? policy.Rules(direction) : [])
            {
                yield return $"    {direction.PeersField()} {All(rule.Peers.Select(Peer))} "
                    + $"ports {All(rule.Ports.Select(p => p.Text()))}";
            }
        }
    }

    private static IEnumerable<string> Lines(TierPolicyObject policy)
    {
        yield return $"{policy.Kind} {policy.Name} {policy.Tier} {policy.Priority} about "
            + $"{policy.Subject.NamespaceSelector.Text()} {policy.Subject.PodSelector?.Text()}";
        foreach (var (word, rules) in new[] { ("ingress", policy.Ingress), ("egress", policy.Egress) })
        {
            foreach (var rule in rules)
            {
                yield return $"  {word} {rule.Action} {All(rule.Peers.Select(Peer))} "
                    + $"ports {All(rule.Ports.Select(Port))}";
            }
        }
    }

    private static string Peer(NetworkPolicyPeer peer) => peer.IpBlock is { } block
        ? $"[{block.Cidr}{string.Concat(block.Except.Select(e => $" except {e}"))}]"
        : $"[namespaces {peer.NamespaceSelector?.Text() ?? "own"} pods {peer.PodSelector?.Text() ?? "{}"}]";

    private static string Peer(TierPeer peer) => $"[namespaces {peer.NamespaceSelector?.Text()} "
        + $"pods {peer.PodSelector?.Text()} networks {string.Join(' ', peer.Networks)}]";

    private static string Port(TierPort port) => $"{port.Protocol} {port.Name ?? $"{port.First}-{port.Last}"}";

    private static string Labels(IReadOnlyDictionary<string, string> labels) =>
        string.Join(',', labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}"));

    private static string All(IEnumerable<string> items) =>
        items.ToList() is { Count: > 0 } list ? string.Join(", ", list) : "ALL";
}
