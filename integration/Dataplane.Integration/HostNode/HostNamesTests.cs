using Dataplane.Integration.Daemon;
using Dataplane.Integration.Dns;

namespace Dataplane.Integration.HostNode;

/// <summary>
/// <c>--dns-upstream</c> on a machine with a router: the name server asks from its pod, as the policies of the pod
/// allow.
/// </summary>
public sealed class HostNamesTests
{
    private const string Objects = """
        apiVersion: v1
        kind: Pod
        metadata: {name: client, namespace: shop}
        spec: {containers: [{name: c, image: c}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: shop}
        spec: {clusterIP: 10.96.7.7, ports: [{port: 80}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: away, namespace: shop}
        spec: {type: ExternalName, externalName: www.example.com}

        """;

    private const string Elsewhere = "@10.96.0.10 +short www.example.com A";

    /// <summary>A hundred addresses: more than a datagram has room for.</summary>
    private const string Long = "@10.96.0.10 +short many.example.com A";

    private static string Egress(string rules) => $$$"""
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: server, namespace: kube-system}
        spec:
          podSelector: {matchLabels: {k8s-app: kube-dns}}
          policyTypes: [Egress]
          egress: [{{{rules}}}]

        """;

    [Theory]
    [InlineData("192.0.2.9", "192.0.2.9/32")]
    [InlineData("2001:db8:2::9", "2001:db8:2::9/128")]
    public void Names_of_elsewhere_are_asked_for_from_the_pod_of_the_server(string address, string block)
    {
        using var host = new FakeHost();
        using var upstream = new Upstream();
        upstream.Serve(host.RouterName, "192.0.2.9", "2001:db8:2::9");
        using var lab = new NamesLab(host.Netns, Objects, "--node", "host", "--dns-upstream",
            address.Contains(':', StringComparison.Ordinal) ? $"[{address}]:53" : address);
        Assert.Equal("192.0.2.1\n", lab.Dig(Elsewhere));
        Assert.Equal("www.example.com.\n192.0.2.1\n", lab.Dig("@10.96.0.10 +short away.shop.svc.cluster.local A"));
        // The upstream says by UDP that there is more, and has it by TCP; the pod gets it in the same way.
        Assert.Equal(100, lab.Dig(Long).Split('\n').Length - 1);
        Assert.Contains("status: NXDOMAIN", lab.Dig("@10.96.0.10 no.example.com A"), StringComparison.Ordinal);
        // It does not answer: that is a failure of the server, and not a silence.
        Assert.Contains("status: SERVFAIL", lab.TryDig("+time=10 @10.96.0.10 www.silent.example A").Output,
            StringComparison.Ordinal);

        lab.Daemon.Apply("server.yaml", Egress(""));
        Assert.Contains("status: SERVFAIL", lab.TryDig("+time=10 @10.96.0.10 www.example.com A").Output,
            StringComparison.Ordinal);
        lab.AwaitDrop("kube-system/coredns", address, 53, "kube-system/server");
        Assert.Equal("10.96.7.7\n", lab.Dig("@10.96.0.10 +short web.shop.svc.cluster.local A"));

        lab.Daemon.Apply("server.yaml", Egress(
            $"{{to: [{{ipBlock: {{cidr: \"{block}\"}}}}], ports: [{{port: 53, protocol: UDP}}]}}"));
        Assert.Equal("192.0.2.1\n", lab.Dig(Elsewhere));
        // By TCP it is still kept from it.
        Assert.Contains("status: SERVFAIL", lab.TryDig("+time=10 @10.96.0.10 many.example.com A").Output,
            StringComparison.Ordinal);
    }
}
