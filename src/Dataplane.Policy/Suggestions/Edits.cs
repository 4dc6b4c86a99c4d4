using System.Net;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Suggestions;

/// <summary>The parts that edits are made of: how they change a cluster, and how they are written.</summary>
internal static class Edits
{
    private const string NameLabel = "kubernetes.io/metadata.name";
    public static readonly SourcePosition Nowhere = new("", 0, 0);

    public static Func<Cluster, Cluster> Rule(NetworkPolicyObject policy, Direction direction, int index,
        Func<NetworkPolicyRule, NetworkPolicyRule> change) =>
        Rules(policy, direction, rules => [.. rules.Select((rule, i) => i == index ? change(rule) : rule)]);

    public static Func<Cluster, Cluster> Rules(
        NetworkPolicyObject policy, Direction direction, Func<IReadOnlyList<NetworkPolicyRule>,
            IReadOnlyList<NetworkPolicyRule>> change) => cluster => cluster with
        {
            NetworkPolicies =
        [
            .. cluster.NetworkPolicies.Select(found => found.FullName != policy.FullName ? found
                : direction == Direction.Egress
                    ? found with { Egress = change(found.Egress) } : found with { Ingress = change(found.Ingress) }),
        ],
        };

    public static CandidateEdit Of(KubernetesObject target, SourcePosition position, int lines, string text,
        Func<Cluster, Cluster> apply) =>
        new(lines, new SuggestedEdit($"{target.Kind} {target.FullName}", position, text), apply);

    /// <summary>
    /// A pod by its labels, and its namespace where it is not the policy's own; anything else by its address.
    /// </summary>
    public static NetworkPolicyPeer Peer(in SideQuestion question, string policyNamespace) =>
        question.Peer.AsSelectablePod() is { Pod: var pod }
        ? new NetworkPolicyPeer(Labels(pod), pod.Namespace == policyNamespace ? null : Namespace(pod), null, Nowhere)
        : new NetworkPolicyPeer(null, null, new IpBlock(Address(question), [], Nowhere), Nowhere);

    /// <summary>
    /// A pod by the labels that somebody wrote; where it has none, by those of its controller whose values are known.
    /// </summary>
    public static LabelSelector Labels(PodObject pod)
    {
        var known = pod.Labels.Where(label => label.Value != ControllerLabels.Unknown)
            .OrderBy(label => label.Key, StringComparer.Ordinal).ToList();
        var written = known.Where(label => !ControllerLabels.Has(label.Key)).ToList();
        return Selector(written.Count > 0 ? written : known);
    }

    public static LabelSelector Namespace(PodObject pod) => Selector([KeyValuePair.Create(NameLabel, pod.Namespace)]);

    public static IPNetwork Address(in SideQuestion question)
    {
        var address = question.Peer.AddressIn(question.Flow.Family)!;
        return new IPNetwork(address, address.GetAddressBytes().Length * 8);
    }

    /// <summary>Null for ICMP, which only a rule without ports lets through.</summary>
    public static NetworkPolicyPort? Port(Flow flow) => Transport(flow) is { } protocol
        ? new NetworkPolicyPort(protocol, flow.Probe.Port, null, null, Nowhere) : null;

    public static TransportProtocol? Transport(Flow flow) => flow.Probe.Protocol switch
    {
        FlowProtocol.Tcp => TransportProtocol.Tcp,
        FlowProtocol.Udp => TransportProtocol.Udp,
        FlowProtocol.Sctp => TransportProtocol.Sctp,
        _ => null,
    };

    public static string Text(NetworkPolicyPeer peer) => peer.IpBlock is { } block
        ? $"{{ipBlock: {{cidr: {block.Cidr}}}}}"
        : peer.NamespaceSelector is { } ns
            ? $"{{namespaceSelector: {Text(ns)}, podSelector: {Text(peer.PodSelector!)}}}"
            : $"{{podSelector: {Text(peer.PodSelector!)}}}";

    public static string Text(LabelSelector selector) => selector.Requirements.Count == 0 ? "{}"
        : $"{{matchLabels: {{{string.Join(", ", selector.Requirements.Select(Entry))}}}}}";

    public static string Text(NetworkPolicyPort port) =>
        $"{{protocol: {port.Protocol.ToFlowProtocol().Text()}, port: {port.Port}}}";

    private static string Entry(SelectorRequirement label) => $"{label.Key}: {YamlText.Word(label.Values[0])}";

    private static LabelSelector Selector(IEnumerable<KeyValuePair<string, string>> labels) =>
        new([.. labels.Select(label =>
            new SelectorRequirement(label.Key, SelectorOperator.In, [label.Value], Nowhere))], Nowhere);
}
