using Dataplane.Policy.Warnings;

namespace Dataplane.Policy.Tests.Warnings;

/// <summary>S014 and S023: whether isolated pods can ask a name server, and over which protocol.</summary>
public sealed class DnsTests
{
    private const string Client = "{apiVersion: v1, kind: Pod, metadata: {name: client, labels: {app: client}}, "
        + "spec: {containers: [{name: c}]}}\n---\n";

    private static string Server(string ports, string ns = "dns-system", string labels = "app: resolver") =>
        $"{{apiVersion: v1, kind: Pod, metadata: {{name: resolver, namespace: {ns}, labels: {{{labels}}}}}, "
        + $"spec: {{containers: [{{name: c, ports: [{ports}]}}]}}}}\n---\n";

    private static string[] Codes(string pods, string egress) => [.. WarningsOf.Text(Client + pods
        + "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p}, spec: {podSelector: {}, "
        + $"policyTypes: [Egress], egress: [{egress}]}}}}").Select(w => w.Code)
        .Where(c => c is SemanticCodes.NoDns or SemanticCodes.DnsOverTcpOnly)];

    [Fact]
    public void A_rule_without_ports_for_the_servers_pods_and_one_for_the_cache_of_the_node_are_enough() =>
        Assert.Empty(WarningsOf.Text(File.ReadAllText(SourceTree.Full(
            "tests/Dataplane.Policy.Tests/Warnings/dns-without-ports.yaml"))));

    [Theory]
    [InlineData("{to: [{namespaceSelector: {}, podSelector: {matchLabels: {app: resolver}}}]}", true)]
    [InlineData("{to: [{namespaceSelector: {}}], ports: [{port: 53, protocol: UDP}]}", true)]
    [InlineData("{to: [{namespaceSelector: {}}], ports: [{port: dns, protocol: UDP}]}", true)]
    [InlineData("{to: [{ipBlock: {cidr: 10.244.0.0/16}}]}", true)]
    [InlineData("{to: [{ipBlock: {cidr: 169.254.20.10/32}}]}", true)]
    [InlineData("{to: [{ipBlock: {cidr: 10.96.0.10/32}}]}", true)]
    [InlineData("{to: [{ipBlock: {cidr: 203.0.113.53/32}}], ports: [{port: 53, protocol: UDP}]}", true)]
    [InlineData("{to: [{namespaceSelector: {matchLabels: {a: elsewhere}}}], ports: [{port: 53, protocol: UDP}]}", true)]
    [InlineData("{ports: [{port: 53, protocol: UDP}]}", true)]
    [InlineData("{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}", false)]
    [InlineData("{to: [{namespaceSelector: {}}], ports: [{port: 5353, protocol: UDP}]}", false)]
    [InlineData("{to: [{podSelector: {}}]}", false)]
    [InlineData("{to: [{ipBlock: {cidr: 203.0.113.53/32}}], ports: [{port: 443}]}", false)]
    public void With_a_name_server_that_is_loaded(string rule, bool allowed) => Assert.Equal(
        allowed ? [] : ["S014"], Codes(Server("{name: dns, containerPort: 53, protocol: UDP}"), rule));

    [Theory]
    [InlineData("{to: [{namespaceSelector: {}}], ports: [{port: 5353, protocol: UDP}]}", true)]
    [InlineData("{to: [{namespaceSelector: {}}], ports: [{port: 53, protocol: UDP}]}", false)]
    [InlineData("{to: [{namespaceSelector: {}}]}", true)]
    [InlineData("{ports: [{port: 53, protocol: UDP}]}", false)]
    [InlineData("{ports: [{port: 5000, endPort: 6000, protocol: UDP}]}", true)]
    public void With_a_name_server_on_another_port(string rule, bool allowed) => Assert.Equal(
        allowed ? [] : ["S014"], Codes(Server("{name: dns, containerPort: 5353, protocol: UDP}"), rule));

    [Theory]
    [InlineData("{to: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 53, protocol: UDP}]}", false)]
    [InlineData("{to: [{podSelector: {matchLabels: {app: client}}}], ports: [{port: 53, protocol: UDP}]}", true)]
    [InlineData("{to: [{podSelector: {matchLabels: {app: dns}}}]}", true)]
    public void Port_53_of_pods_that_declare_others_is_no_name_server(string rule, bool allowed) => Assert.Equal(
        allowed ? [] : ["S014"], Codes(Server("{containerPort: 80}", "default", "app: web"), rule));

    /// <summary>A podSelector alone means the policy's own namespace, and the cluster's DNS is in another.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_clusters_dns_without_its_namespace_is_nobody(bool isLoaded)
    {
        const string rule = "{to: [{podSelector: {matchLabels: {k8s-app: kube-dns}}}], "
            + "ports: [{port: 53, protocol: UDP}]}";
        var server = isLoaded ? Server("", "kube-system", "k8s-app: kube-dns") : "";
        Assert.Equal(["S014"], Codes(server, rule));
        var peers = WarningsOf.Text(Client + server + "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, "
            + $"metadata: {{name: p}}, spec: {{podSelector: {{}}, policyTypes: [Egress], egress: [{rule}]}}}}");
        Assert.Equal("podSelector k8s-app=kube-dns matches no pod of namespace `default`",
            Assert.Single(peers, w => w.Code == SemanticCodes.PeerMatchesNothing).Message);
    }

    [Fact]
    public void A_pod_with_the_label_of_the_clusters_dns_needs_no_ports() => Assert.Empty(Codes(
        Server("", "kube-system", "k8s-app: kube-dns"), "{to: [{namespaceSelector: {}, podSelector: {matchLabels: "
            + "{k8s-app: kube-dns}}}]}"));

    [Theory]
    [InlineData("{ports: [{port: 53}]}", true)]
    [InlineData("{ports: [{port: 53, protocol: TCP}]}", true)]
    [InlineData("{ports: [{protocol: TCP}]}", true)]
    [InlineData("{ports: [{port: 53}, {port: 53, protocol: UDP}]}", false)]
    [InlineData("{ports: [{port: 53}]}, {ports: [{port: 53, protocol: UDP}]}", false)]
    [InlineData("{ports: [{port: 53, protocol: UDP}]}", false)]
    [InlineData("{ports: [{port: 53}]}, {}", false)]
    public void Tcp_alone_has_a_warning_of_its_own(string rules, bool warned) =>
        Assert.Equal(warned ? ["S023"] : [], Codes("", rules));
}
