using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Explanations;

/// <summary>The parts of a rule that did not match.</summary>
/// <param name="Fields">How many of its fields: podSelector, namespaceSelector, ipBlock, ports. 0: it matches.</param>
/// <param name="Requirements">How many requirements of these would have to change.</param>
internal readonly record struct FieldMiss(int Fields, int Requirements, string Text)
{
    public static FieldMiss None => new(0, 0, "");

    /// <summary>Both misses together.</summary>
    public FieldMiss And(FieldMiss other) => other.Fields == 0 ? this : Fields == 0 ? other
        : new FieldMiss(Fields + other.Fields, Requirements + other.Requirements, $"{Text}; {other.Text}");
}

/// <summary>The wording of rules that do not match; <see cref="RuleMatching"/> alone says whether they do.</summary>
internal static class FieldMisses
{
    // A kind of peer that cannot match this end at all is farther than all fields of one that could.
    private const int WrongKind = 100;

    public static FieldMiss Of(NetworkPolicyObject policy, NetworkPolicyRule rule, SideQuestion question)
    {
        var peers = RuleMatching.PeersMatch(policy, rule, question)
            ? FieldMiss.None
            : rule.Peers.Select(peer => OfPeer(policy, peer, question))
                .MinBy(miss => (miss.Fields, miss.Requirements));
        var ports = RuleMatching.PortsMatch(rule, question.Flow)
            ? FieldMiss.None
            : new FieldMiss(1, 1, $"ports {string.Join(", ", rule.Ports.Select(port => PortOf(port, question.Flow)))}");
        return peers.And(ports);
    }

    /// <summary>The podSelector of a policy that would allow the flow, against a pod it does not select.</summary>
    public static FieldMiss OfSubject(NetworkPolicyObject policy, PodObject pod) =>
        OfSelector("spec.podSelector", policy.PodSelector, pod.Labels);

    private static FieldMiss OfPeer(NetworkPolicyObject policy, NetworkPolicyPeer peer, SideQuestion question)
    {
        var pod = question.Peer.AsSelectablePod()?.Pod;
        if (peer.IpBlock is { } block)
        {
            return new FieldMiss(pod is null ? 1 : WrongKind, 1, $"ipBlock {OfBlock(block, question)}");
        }
        if (pod is null)
        {
            return new FieldMiss(WrongKind, 1, WholeText(peer));
        }
        return OfNamespace(policy, peer, pod, question.Cluster)
            .And(OfSelector("podSelector", peer.PodSelector, pod.Labels));
    }

    /// <summary>
    /// A port of a rule; of a named one, also the numbers that the name stands for at this destination.
    /// </summary>
    private static string PortOf(NetworkPolicyPort port, Flow flow)
    {
        if (port.Name is null)
        {
            return port.Text();
        }
        var numbers = RuleMatching.NamedPorts(port, flow.To).ToList();
        return numbers.Count == 0
            ? $"{port.Text()} (not declared by {flow.To.Name})"
            : $"{port.Text()} ({string.Join(", ", numbers)} of {flow.To.Name})";
    }

    private static string OfBlock(IpBlock block, SideQuestion question)
    {
        var address = question.Peer.AddressIn(question.Flow.Family)!;
        var hole = block.Cidr.Contains(address) ? block.Except.Where(except => except.Contains(address)).ToList() : [];
        return hole.Count == 0 ? $"{block.Cidr}" : $"{block.Cidr} except {hole[0]}";
    }

    private static FieldMiss OfNamespace(NetworkPolicyObject policy, NetworkPolicyPeer peer, PodObject pod,
        Cluster cluster)
    {
        if (peer.NamespaceSelector is null)
        {
            return pod.Namespace == policy.Namespace
                ? FieldMiss.None : new FieldMiss(1, 1, $"namespace {policy.Namespace}");
        }
        return OfSelector("namespaceSelector", peer.NamespaceSelector, cluster.NamespaceLabels(pod.Namespace));
    }

    private static FieldMiss OfSelector(string field, LabelSelector? selector,
        IReadOnlyDictionary<string, string> labels)
    {
        var failed = selector is null ? [] : Failed(selector, labels);
        return failed.Count == 0 ? FieldMiss.None
            : new FieldMiss(1, failed.Count, $"{field} {SelectorText.Text(failed)}");
    }

    private static List<SelectorRequirement> Failed(LabelSelector selector,
        IReadOnlyDictionary<string, string> labels) =>
        [.. selector.Requirements.Where(requirement => !requirement.Matches(labels))];

    private static string WholeText(NetworkPolicyPeer peer)
    {
        var namespaces = peer.NamespaceSelector is null ? null : $"namespaceSelector {peer.NamespaceSelector.Text()}";
        var pods = peer.PodSelector is null ? null : $"podSelector {peer.PodSelector.Text()}";
        return string.Join("; ", new[] { namespaces, pods }.OfType<string>());
    }
}
