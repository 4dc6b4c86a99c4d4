using System.Net;
using Dataplane.Kubernetes.Loading;
using Dataplane.Policy.Model;
using Dataplane.Policy.Naming;
using Dataplane.Policy.Services;
using Dataplane.Policy.Tests.Warnings;

namespace Dataplane.Policy.Tests.Services;

/// <summary>What the API text and kube-proxy say, one case after another. Pods have 10.244.0.2 and so on.</summary>
public sealed class ServiceOracleTests
{
    private const string Pods = """
        {apiVersion: v1, kind: Node, metadata: {name: here}}
        ---
        {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: c}]}}
        ---
        {apiVersion: v1, kind: Pod, metadata: {name: b0, labels: {app: web}},
          spec: {containers: [{name: c, ports: [{name: http, containerPort: 8080}]}]}}
        ---
        {apiVersion: v1, kind: Pod, metadata: {name: b1, labels: {app: web}},
          spec: {containers: [{name: c, ports: [{name: http, containerPort: 8081}]}]}}
        ---
        {apiVersion: v1, kind: Pod, metadata: {name: c, labels: {app: slow}}, spec: {containers: [{name: c}]},
          status: {conditions: [{type: Ready, status: "False"}]}}
        ---
        {apiVersion: v1, kind: Pod, metadata: {name: d, labels: {app: leaving}, deletionTimestamp:
          "2026-01-01T00:00:00Z"}, spec: {containers: [{name: c}]}}
        ---
        {apiVersion: v1, kind: Pod, metadata: {name: h, labels: {app: host}},
          spec: {hostNetwork: true, containers: [{name: c}]}}
        ---

        """;

    private const string Elsewhere = """
        {apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, addressType: IPv4,
          metadata: {name: s-1, labels: {kubernetes.io/service-name: s}}, ports: [{port: 9000}],
          endpoints: [{addresses: [192.0.2.7], nodeName: other}]}
        """;

    private const string Here = """
        {apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, addressType: IPv4,
          metadata: {name: s-2, labels: {kubernetes.io/service-name: s}}, ports: [{port: 9000}],
          endpoints: [{addresses: [192.0.2.8], nodeName: here}]}
        """;

    private const string Written = """
        {apiVersion: v1, kind: Endpoints, metadata: {name: s}, subsets: [{ports: [{port: 9001}],
          addresses: [{ip: 192.0.2.9}], notReadyAddresses: [{ip: 192.0.2.10}]}]}
        """;

    private const string Managed = """
        {apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, addressType: IPv4, metadata: {name: s-3,
          labels: {kubernetes.io/service-name: s,
            endpointslice.kubernetes.io/managed-by: endpointslice-controller.k8s.io}},
          ports: [{port: 9000}], endpoints: [{addresses: [192.0.2.11]}]}
        """;

    [Theory]
    [InlineData("selector: {app: web}, ports: [{port: 80, targetPort: http}]", "10.244.0.3:8080 10.244.0.4:8081")]
    [InlineData("selector: {app: web}, ports: [{port: 80, targetPort: 9}]", "10.244.0.3:9 10.244.0.4:9")]
    [InlineData("selector: {app: web}, ports: [{port: 80, targetPort: other}]", "Refused")]
    [InlineData("selector: {app: web}, ports: [{port: 80, protocol: UDP}]", "Refused")]
    [InlineData("selector: {app: web}, ports: [{port: 81}]", "Refused")]
    [InlineData("selector: {app: none}, ports: [{port: 80}]", "Refused")]
    [InlineData("selector: {app: slow}, ports: [{port: 80}]", "Refused")]
    [InlineData("selector: {app: slow}, publishNotReadyAddresses: true, ports: [{port: 80}]", "10.244.0.5:80")]
    [InlineData("selector: {app: leaving}, ports: [{port: 80}]", "10.244.0.6:80")]
    [InlineData("selector: {app: host}, ports: [{port: 80}]", "10.244.0.1:80")]
    [InlineData("selector: {app: none}, internalTrafficPolicy: Local, ports: [{port: 80}]", "Refused")]
    public void A_ClusterIP_leads_to_what_the_selector_finds(string spec, string expected) =>
        Assert.Equal(expected, Ask("a", "10.96.0.9", spec));

    [Theory]
    [InlineData("ports: [{port: 80}]", Written, "192.0.2.9:9001")]
    [InlineData("ports: [{port: 80}]", Written + "\n---\n" + Here, "192.0.2.8:9000 192.0.2.9:9001")]
    [InlineData("ports: [{name: other, port: 81}, {name: web, port: 80}]", Here, "Refused")]
    [InlineData("ports: [{port: 80}]", Managed, "192.0.2.11:9000")]
    [InlineData("selector: {app: none}, ports: [{port: 80}]", Managed, "Refused")]
    [InlineData("selector: {app: none}, ports: [{port: 80}]", Written, "Refused")]
    [InlineData("selector: {app: none}, ports: [{port: 80}]", Here, "192.0.2.8:9000")]
    [InlineData("internalTrafficPolicy: Local, ports: [{port: 80}]", Elsewhere, "Dropped")]
    [InlineData("internalTrafficPolicy: Local, ports: [{port: 80}]", Elsewhere + "\n---\n" + Here, "192.0.2.8:9000")]
    public void Objects_list_addresses(string spec, string objects, string expected) =>
        Assert.Equal(expected, Ask("a", "10.96.0.9", spec, objects));

    [Theory]
    [InlineData("a", "10.244.0.1", 30080, "192.0.2.7:9000")]
    [InlineData("node", "10.244.0.1", 30080, "192.0.2.7:9000")]
    [InlineData("203.0.113.5", "10.244.0.1", 30080, "Dropped")]
    [InlineData("203.0.113.5", "10.96.0.9", 80, "Refused")]
    [InlineData("a", "10.96.0.9", 80, "192.0.2.7:9000")]
    [InlineData("203.0.113.5", "198.51.100.1", 80, "Dropped")]
    [InlineData("a", "198.51.100.1", 80, "192.0.2.7:9000")]
    [InlineData("a", "198.51.100.1", 81, "NotForService")]
    [InlineData("a", "10.244.0.1", 80, "NotForService")]
    public void A_Local_policy_for_packets_from_outside_is_for_those_alone(
        string from, string to, int port, string expected) =>
        Assert.Equal(expected, Ask(from, to, "type: NodePort, externalIPs: [198.51.100.1], "
            + "externalTrafficPolicy: Local, ports: [{port: 80, nodePort: 30080}]", Elsewhere, port));

    [Theory]
    [InlineData("203.0.113.5", "192.0.2.9:9001")]
    [InlineData("203.0.114.5", "Dropped")]
    [InlineData("a", "Dropped")]
    public void Source_ranges_are_for_the_addresses_of_load_balancers(string from, string expected)
    {
        const string spec = "type: LoadBalancer, loadBalancerSourceRanges: [203.0.113.0/24], "
            + "ports: [{port: 80, nodePort: 30080}]";
        Assert.Equal(expected, Ask(from, "198.51.100.1", spec, Written, 80,
            ", status: {loadBalancer: {ingress: [{ip: 198.51.100.1}]}}"));
        Assert.Equal("192.0.2.9:9001", Ask(from, "10.244.0.1", spec, Written, 30080));
    }

    [Fact]
    public void Those_that_leave_are_left_alone_where_one_is_ready() => Assert.Equal("10.244.0.3:80 10.244.0.4:80",
        Ask("a", "10.96.0.9", "selector: {app: web}, ports: [{port: 80}]", """
            {apiVersion: v1, kind: Pod, metadata: {name: z, labels: {app: web}, deletionTimestamp:
              "2026-01-01T00:00:00Z"}, spec: {containers: [{name: c}]}}
            """));

    private static string Ask(
        string from, string to, string spec, string objects = "", int port = 80, string status = "")
    {
        var text = $"{Pods}{{apiVersion: v1, kind: Service, metadata: {{name: s}}, spec: {{clusterIP: 10.96.0.9, "
            + $"{spec}}}{status}}}\n---\n{objects}\n";
        var loaded = ManifestLoader.LoadText("m.yaml", text);
        Assert.False(loaded.HasErrors, loaded.Report());
        var cluster = WarningsOf.ClusterOf(loaded.Manifests) with
        {
            Endpoints = loaded.Manifests.Endpoints, NodeName = loaded.Manifests.Nodes[0].Name,
        };
        var source = EndpointNames.Resolve(cluster, from).Endpoint!;
        var answer = ServiceOracle.Ask(
            cluster, source, IPAddress.Parse(to), new Probe(FlowProtocol.Tcp, (ushort)port));
        return answer.Fate != ServiceFate.Translated ? $"{answer.Fate}"
            : string.Join(' ', answer.Backends.Select(b => $"{b.Address}:{b.Port}").Order(StringComparer.Ordinal));
    }
}
