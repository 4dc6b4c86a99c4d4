using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Diff;

/// <summary>Which objects differ in anything but their place in a file.</summary>
internal static class ObjectChanges
{
    /// <summary>By kind, then name.</summary>
    public static IReadOnlyList<ObjectChange> Between(Cluster before, Cluster after)
    {
        var old = Objects(before).ToDictionary(o => (o.Kind, o.FullName));
        var now = Objects(after).ToDictionary(o => (o.Kind, o.FullName));
        return
        [
            .. now.Where(o => !old.ContainsKey(o.Key)).Select(o => Change(o.Value, ObjectChangeKind.Added))
                .Concat(old.Where(o => !now.ContainsKey(o.Key)).Select(o => Change(o.Value, ObjectChangeKind.Removed)))
                .Concat(now.Where(o => old.TryGetValue(o.Key, out var was) && Text(was) != Text(o.Value))
                    .Select(o => Change(o.Value, ObjectChangeKind.Changed)))
                .OrderBy(change => change.Kind, StringComparer.Ordinal)
                    .ThenBy(change => change.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>
    /// The same pods in the same directions, the same rules in the same order, and perhaps more behind them.
    /// </summary>
    public static bool OnlyMoreRules(NetworkPolicyObject was, NetworkPolicyObject becomes) =>
        Text(was with { Ingress = [], Egress = [], Labels = becomes.Labels }) == Text(becomes with { Ingress = [],
            Egress = [] })
        && Begins(becomes.Ingress, was.Ingress) && Begins(becomes.Egress, was.Egress);

    private static bool Begins(IReadOnlyList<NetworkPolicyRule> rules, IReadOnlyList<NetworkPolicyRule> with) =>
        rules.Count >= with.Count && with.Select(Rule).SequenceEqual(rules.Take(with.Count).Select(Rule));

    private static ObjectChange Change(KubernetesObject changed, ObjectChangeKind kind) =>
        new(changed.Kind, changed.FullName, kind, changed.Position);

    private static IEnumerable<KubernetesObject> Objects(Cluster cluster) =>
        [.. cluster.Namespaces.Values, .. cluster.Pods.Select(pod => pod.Pod), .. cluster.NetworkPolicies,
            .. cluster.TierPolicies, .. cluster.Services.Select(service => service.Object), .. cluster.Endpoints];

    /// <summary>Everything the object says, in one order: equal texts are equal objects.</summary>
    private static string Text(KubernetesObject source) => $"{Labels(source.Labels)} {source switch
    {
        PodObject pod =>
            $"{pod.HostNetwork} {pod.IsReady} {pod.IsTerminating} {pod.HostName} {pod.Subdomain} "
            + $"{List(pod.RequestedAddresses)} {Dns(pod.Dns)} {Host(pod.Host)} "
            + $"{List(pod.Ports.Select(port => $"{port.Name} {port.Protocol} {port.Port}"))}",
        NetworkPolicyObject policy =>
            $"{policy.PodSelector.Text()} {policy.IsolatesIngress} {policy.IsolatesEgress} "
            + $"{List(policy.Ingress.Select(Rule))} {List(policy.Egress.Select(Rule))}",
        TierPolicyObject policy =>
            $"{policy.Tier} {policy.Priority} {policy.Subject.NamespaceSelector.Text()} "
            + $"{policy.Subject.PodSelector?.Text()} {List(policy.Ingress.Select(Rule))} "
            + $"{List(policy.Egress.Select(Rule))}",
        ServiceObject service => Service(service),
        EndpointsObject endpoints =>
            $"{endpoints.Service} {endpoints.IsManaged} {List(endpoints.Subsets.Select(Subset))}",
        _ => "",
    }}";

    private static string Dns(PodDns dns) => $"{dns.Policy} {List(dns.Servers)} {List(dns.Searches)} "
        + List(dns.Options.Select(o => $"{o.Name}:{o.Value}"));

    private static string Host(PodHost host) => $"{host.Override} {host.IsFull} "
        + List(host.Aliases.Select(a => $"{a.Address} {List(a.Names)}"));

    private static string Service(ServiceObject service) =>
        $"{service.Type} {Labels(service.Selector)} {service.IsHeadless} {List(service.Addresses)} "
        + $"{List(service.Families)} {service.FamilyPolicy} {service.ExternalName} {List(service.ExternalAddresses)} "
        + $"{List(service.LoadBalancerAddresses)} {service.RequestedLoadBalancerAddress} {service.LoadBalancerClass} "
        + $"{List(service.SourceRanges)} {service.AffinitySeconds} {service.ExternalPolicy} {service.InternalPolicy} "
        + $"{service.PublishesNotReady} {service.AllocatesNodePorts} {service.HealthCheckPort} "
        + List(service.Ports.Select(port =>
            $"{port.Name} {port.Protocol} {port.Port} {port.Target} {port.NodePort}"));

    private static string Subset(EndpointSubset subset) =>
        List(subset.Addresses.Select(a => $"{a.Address} {a.IsReady} {a.IsServing} {a.IsTerminating} {a.HostName} "
            + $"{a.NodeName} {a.Pod}")) + List(subset.Ports.Select(port => $"{port.Name} {port.Protocol} {port.Port}"));

    private static string Rule(NetworkPolicyRule rule) =>
        $"{List(rule.Peers.Select(Peer))} {List(rule.Ports.Select(port => port.Text()))}";

    private static string Peer(NetworkPolicyPeer peer) => peer.IpBlock is { } block
        ? $"{block.Cidr} {List(block.Except)}"
        : $"namespaces {peer.NamespaceSelector?.Text()} pods {peer.PodSelector?.Text()}";

    private static string Rule(TierRule rule) =>
        $"{rule.RuleName} {rule.Action} {List(rule.Peers.Select(Peer))} {List(rule.Ports.Select(Port))}";

    private static string Peer(TierPeer peer) =>
        $"namespaces {peer.NamespaceSelector?.Text()} pods {peer.PodSelector?.Text()} nodes {peer.Nodes?.Text()} "
            + $"{List(peer.Networks)}";

    private static string Port(TierPort port) => port.Name ?? $"{port.Protocol} {port.First}-{port.Last}";

    private static string Labels(IReadOnlyDictionary<string, string> labels) =>
        List(labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"));

    private static string List<T>(IEnumerable<T> items) => $"[{string.Join("|", items)}]";
}
