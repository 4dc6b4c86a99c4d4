using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Cli.Output;

/// <summary>Text for the parts of policies.</summary>
internal static class PolicyText
{
    public static string Subject(TierSubject subject) => Pods(subject.NamespaceSelector, subject.PodSelector);

    public static string Peer(NetworkPolicyPeer peer) => peer switch
    {
        { IpBlock: { } block } =>
            $"ipBlock {block.Cidr}{(block.Except.Count == 0 ? "" : $" except {string.Join(", ", block.Except)}")}",
        { NamespaceSelector: { } namespaces } => Pods(namespaces, peer.PodSelector),
        _ => $"pods {peer.PodSelector?.Text()}",
    };

    public static string Peer(TierPeer peer) => peer switch
    {
        { Nodes: { } nodes } => $"nodes {nodes.Text()}",
        { NamespaceSelector: { } namespaces } => Pods(namespaces, peer.PodSelector),
        _ => $"networks {string.Join(", ", peer.Networks)}",
    };

    public static string Ports(IReadOnlyList<NetworkPolicyPort> ports) =>
        ports.Count == 0 ? "every port" : string.Join(", ", ports.Select(p => p.Text()));

    public static string Ports(IReadOnlyList<TierPort> ports) =>
        ports.Count == 0 ? "every port" : string.Join(", ", ports.Select(Text));

    private static string Pods(LabelSelector namespaces, LabelSelector? pods) =>
        $"{(namespaces.Requirements.Count == 0 ? "all namespaces" : $"namespaces {namespaces.Text()}")}"
            + $"{(pods is { Requirements.Count: > 0 } ? $", pods {pods.Text()}" : "")}";

    private static string Text(TierPort port) => port switch
    {
        { Name: { } name } => name,
        { Protocol: null } => "every port",
        { Protocol: { } protocol, First: <= 1, Last: ushort.MaxValue } => protocol.ToFlowProtocol().Text(),
        { Protocol: { } protocol } =>
            $"{protocol.ToFlowProtocol().Text()} {port.First}{(port.Last == port.First ? "" : $"-{port.Last}")}",
    };
}
