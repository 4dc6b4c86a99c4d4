using Dataplane.Api;

namespace Dataplane.Cli.Tests;

/// <summary>The tables of Services and of what lists their endpoints.</summary>
public sealed class ServiceTableTests : IDisposable
{
    private readonly Cli _cli = new();
    private readonly CannedDaemon _daemon;

    public ServiceTableTests() => _daemon = new CannedDaemon(_cli.Socket);

    public void Dispose()
    {
        _daemon.Dispose();
        _cli.Dispose();
    }

    [Theory]
    [InlineData("{type: ClusterIP, clusterIP: 10.96.0.7, ports: [{port: 80}]}", "ClusterIP 10.96.0.7 <none> 80/TCP")]
    [InlineData("{clusterIP: None, ports: [{port: 53, protocol: UDP}]}", "ClusterIP None <none> 53/UDP")]
    [InlineData("{type: ExternalName, externalName: example.com}", "ExternalName <none> example.com <none>")]
    [InlineData("{type: LoadBalancer, ports: [{name: a, port: 80, nodePort: 30080}, {name: b, port: 81}]}",
        "LoadBalancer <none> <pending> 80:30080/TCP,81/TCP")]
    public void Services_have_the_columns_of_kubectl(string spec, string cells)
    {
        Has("Service", $"apiVersion: v1\nkind: Service\nmetadata: {{name: web, namespace: x}}\nspec: {spec}\n");
        Assert.Equal(["NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S)", $"web {cells}"], Words("get svc -n x"));
    }

    [Fact]
    public void Services_show_what_was_assigned_to_them()
    {
        const string Text = "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: x}\n"
            + "spec: {type: LoadBalancer, externalIPs: [198.51.100.7], "
            + "ports: [{name: a, port: 80}, {name: b, port: 81}]}\n";
        _daemon.Says("GET /v1/objects?kind=Service",
            new ObjectsResponse(3, [new ObjectEntry("Service", "x/web", "s.yaml", 1, "apply", Text)
            {
                Service = new ServiceEntry(["10.96.1.1", "fd00:10:96::101"], ["192.0.2.1"], [30086, null]),
            }]), ApiJson.Default.ObjectsResponse);
        Assert.Equal("web LoadBalancer 10.96.1.1,fd00:10:96::101 192.0.2.1,198.51.100.7 80:30086/TCP,81/TCP",
            Words("get svc -n x").Last());
    }

    [Fact]
    public void A_manifest_is_shown_as_it_was_given_with_what_was_assigned_to_it()
    {
        const string Text = "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: x}\n"
            + "spec: {type: LoadBalancer, externalTrafficPolicy: Local, ports: [{name: a, port: 80}, "
            + "{name: b, port: 81, nodePort: 30081}]}\n";
        _daemon.Says("GET /v1/objects?kind=Service",
            new ObjectsResponse(3, [new ObjectEntry("Service", "x/web", "s.yaml", 1, "apply", Text)
            {
                Service = new ServiceEntry(["10.96.1.1"], ["192.0.2.1"], [30086, 30081])
                {
                    HealthCheckNodePort = 30087,
                },
            }]), ApiJson.Default.ObjectsResponse);
        Assert.Equal("# Service x/web has been assigned clusterIP 10.96.1.1, nodePort 30086 for 80/TCP, "
            + $"healthCheckNodePort 30087, status.loadBalancer.ingress ip 192.0.2.1\n{Text}",
            _cli.Run("get", "svc", "-n", "x", "-o", "yaml").Out);
    }

    [Theory]
    [InlineData("tree", """
        node netns dataplane
        └─ dp0  10.244.0.1  fd00:10:244::1  (bridge, gateway of the pods)
           ├─ pod1 ↔ eth0  x/w-0  10.244.0.7  -  -  netns n0
           └─ pod2 ↔ eth0  x/w-1  10.244.0.8  -  -  netns n1
        services
        ├─ x/none  ClusterIP  10.96.7.8             TCP 80             → nobody
        └─ x/web   NodePort   10.96.7.7, 192.0.2.5  TCP 80 node 31000  → 192.0.2.77, x/w-0, x/w-1 (not ready)

        """)]
    [InlineData("mermaid", """
        graph LR
          bridge["netns dataplane<br/>dp0<br/>10.244.0.1<br/>fd00:10:244::1"]
          bridge -- pod1 --- p0["x/w-0<br/>10.244.0.7"]
          bridge -- pod2 --- p1["x/w-1<br/>10.244.0.8"]
          s0(["Service x/none<br/>10.96.7.8<br/>TCP 80"])
          s1(["Service x/web<br/>10.96.7.7<br/>192.0.2.5<br/>TCP 80 node 31000"])
          o2["192.0.2.77"]
          s1 --> o2
          s1 --> p0
          s1 -.-> p1

        """)]
    [InlineData("dot", """
        graph node {
          rankdir=LR;
          node [shape=box, fontname="sans-serif"];
          "dp0" [label="netns dataplane\ndp0\n10.244.0.1\nfd00:10:244::1", style=bold];
          "x/w-0" [label="x/w-0\n10.244.0.7"];
          "dp0" -- "x/w-0" [taillabel="pod1", headlabel="eth0"];
          "x/w-1" [label="x/w-1\n10.244.0.8"];
          "dp0" -- "x/w-1" [taillabel="pod2", headlabel="eth0"];
          "service:x/none" [label="Service x/none\n10.96.7.8\nTCP 80", shape=ellipse];
          "service:x/web" [label="Service x/web\n10.96.7.7\n192.0.2.5\nTCP 80 node 31000", shape=ellipse];
          "service:x/web" -- "192.0.2.77" [dir=forward, style=solid];
          "service:x/web" -- "x/w-0" [dir=forward, style=solid];
          "service:x/web" -- "x/w-1" [dir=forward, style=dotted];
        }

        """)]
    public void Topology_shows_Services_and_what_is_behind_them(string format, string expected)
    {
        HasTopology();
        Assert.Equal(expected, _cli.Run("topology", "-o", format).Out);
    }

    [Fact]
    public void Topology_in_json_has_the_Services_beside_the_pods()
    {
        HasTopology();
        var json = _cli.Run("topology", "-o", "json").Json;
        Assert.Equal("dp0 x/w-0", $"{json["bridge"]} {json["pods"]![0]!["name"]}");
        Assert.Equal("x/web NodePort 10.96.7.7 TCP 80 node 31000 192.0.2.77 True x/w-1 False",
            $"{json["services"]![1]!["name"]} {json["services"]![1]!["type"]} {json["services"]![1]!["addresses"]![0]} "
            + $"{json["services"]![1]!["ports"]![0]} {json["services"]![1]!["endpoints"]![0]!["name"]} "
            + $"{json["services"]![1]!["endpoints"]![0]!["ready"]!.GetValue<bool>()} "
            + $"{json["services"]![1]!["endpoints"]![2]!["name"]} "
            + $"{json["services"]![1]!["endpoints"]![2]!["ready"]!.GetValue<bool>()}");
    }

    [Fact]
    public void A_description_of_a_pod_has_its_ports_of_the_node()
    {
        const string Text = """
            {apiVersion: v1, kind: Pod, metadata: {name: a, namespace: x}, spec: {nodeName: one, containers: [{name: c,
              ports: [{containerPort: 8080, hostPort: 80}, {containerPort: 8081, hostPort: 81, hostIP: 192.0.2.7},
                {containerPort: 8082, hostPort: 82, hostIP: 127.0.0.1}]}]}, status: {podIP: 10.244.0.7}}
            ---
            {apiVersion: v1, kind: Pod, metadata: {name: b, namespace: x}, spec: {nodeName: two, containers: [{name: c,
              ports: [{containerPort: 8080, hostPort: 80}]}]}, status: {podIP: 10.244.0.8}}

            """;
        _daemon.Says("GET /v1/pods", new PodsResponse("dataplane", "dp0", "10.244.0.1", "fd00:10:244::1", []),
            ApiJson.Default.PodsResponse);
        _daemon.Says("GET /v1/state", new StateResponse(3, "10.244.0.0/16", "fd00:10:244::/64",
            [new ManifestFile("s.yaml", Text)], []), ApiJson.Default.StateResponse);
        Assert.Equal(
        [
            "Host port TCP 80 at 10.244.0.1, to 8080", "Host port TCP 81 at 192.0.2.7, to 8081",
            "Host port TCP 82 at 127.0.0.1, and not offered, to 8082",
        ], Words("describe pod x/a").Where(l => l.StartsWith("Host", StringComparison.Ordinal)));
        Assert.Equal(["Host port TCP 80 at 10.244.0.1, to 8080; here it is x/a's"],
            Words("describe pod x/b").Where(l => l.StartsWith("Host", StringComparison.Ordinal)));
    }

    private void HasTopology()
    {
        const string Text = """
            {apiVersion: v1, kind: Service, metadata: {name: web, namespace: x}, spec: {type: NodePort,
              clusterIP: 10.96.7.7, externalIPs: [192.0.2.5], selector: {app: web},
              ports: [{port: 80, nodePort: 31000}]}}
            ---
            {apiVersion: v1, kind: Service, metadata: {name: none, namespace: x}, spec: {clusterIP: 10.96.7.8,
              selector: {app: none}, ports: [{port: 80}]}}
            ---
            {apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: more, namespace: x,
              labels: {kubernetes.io/service-name: web}}, addressType: IPv4, endpoints: [{addresses: [192.0.2.77]}],
              ports: [{port: 80, name: ""}]}
            ---
            {apiVersion: v1, kind: Pod, metadata: {name: w-0, namespace: x, labels: {app: web}},
              spec: {containers: [{name: c}]}, status: {podIP: 10.244.0.7}}
            ---
            {apiVersion: v1, kind: Pod, metadata: {name: w-1, namespace: x, labels: {app: web}},
              spec: {containers: [{name: c}]},
              status: {podIP: 10.244.0.8, conditions: [{type: Ready, status: "False"}]}}

            """;
        _daemon.Says("GET /v1/pods", new PodsResponse("dataplane", "dp0", "10.244.0.1", "fd00:10:244::1",
            [new PodEntry("x/w-0", "10.244.0.7", null) { Netns = "n0", Port = "pod1" },
                new PodEntry("x/w-1", "10.244.0.8", null) { Netns = "n1", Port = "pod2" }]),
            ApiJson.Default.PodsResponse);
        _daemon.Says("GET /v1/state", new StateResponse(3, "10.244.0.0/16", "fd00:10:244::/64",
            [new ManifestFile("s.yaml", Text)], []), ApiJson.Default.StateResponse);
    }

    [Fact]
    public void Endpoints_that_are_computed_are_asked_for_by_kind()
    {
        Has("Endpoints", "apiVersion: v1\nkind: Endpoints\nmetadata: {name: web, namespace: x}\nsubsets: []\n");
        _daemon.Says("GET /v1/objects", new ObjectsResponse(3, []), ApiJson.Default.ObjectsResponse);
        Assert.Equal(["NAME SERVICE ENDPOINTS", "web web <none>"], Words("get svc,ep -n x"));
        Assert.Empty(Words("get all -n x"));
    }

    [Fact]
    public void A_description_of_a_service_says_where_it_leads_and_who_may_follow()
    {
        const string Text = """
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: x}
            spec:
              type: NodePort
              selector: {app: web}
              ports: [{name: http, port: 80, targetPort: http}]
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: w-0, namespace: x, labels: {app: web}}
            spec: {containers: [{name: c, ports: [{name: http, containerPort: 8080}]}]}
            status: {podIP: 10.244.0.7}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: w-1, namespace: x, labels: {app: web}}
            spec: {containers: [{name: c, ports: [{name: http, containerPort: 8081}]}]}
            status: {podIP: 10.244.0.8, conditions: [{type: Ready, status: 'False'}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: w-2, namespace: x, labels: {app: web}}
            spec: {containers: [{name: c}]}
            status: {podIP: 10.244.0.9}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: in, namespace: x, labels: {app: client}}
            spec: {containers: [{name: c}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: out, namespace: x}
            spec: {containers: [{name: c}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web, namespace: x}
            spec:
              podSelector: {matchLabels: {app: web}}
              ingress: [{from: [{podSelector: {matchLabels: {app: client}}}]}]
            """;
        _daemon.Says("GET /v1/state", new StateResponse(3, "10.244.0.0/16", "fd00:10:244::/64",
            [new ManifestFile("s.yaml", Text)], [])
        {
            ServiceLeases = [new ServiceLeaseEntry("x/web", ["10.96.7.7"], [],
                new Dictionary<string, int> { ["http"] = 31000 }, null)],
        }, ApiJson.Default.StateResponse);
        Assert.Equal(
        [
            "Service x/web s.yaml:1", "Labels <none>", "Selector app=web", "Type NodePort",
            "IP Family Policy SingleStack", "IP Families IPv4", "IPs 10.96.7.7", "Port http 80/TCP",
            "TargetPort http/TCP", "NodePort 31000/TCP", "Endpoints 10.244.0.7:8080",
            "without this port, for they name no port http: x/w-2",
            "Not ready 10.244.0.8 (x/w-1): its condition Ready is not True", "Session Affinity None",
            "External Traffic Policy Cluster", "Internal Traffic Policy Cluster",
            // A pod always reaches itself.
            "Reached by 2 of 5 pods on 80/TCP: x/in, x/w-0",
        ], Words("describe svc web -n x"));
    }

    [Fact]
    public void Endpoints_are_the_ready_ones()
    {
        Has("Endpoints", "apiVersion: v1\nkind: Endpoints\nmetadata: {name: web, namespace: x}\nsubsets:\n- addresses: "
            + "[{ip: 10.0.0.1}, {ip: 10.0.0.2}, {ip: 10.0.0.3}, {ip: \"fd00::4\"}]\n  notReadyAddresses: "
            + "[{ip: 10.0.0.9}]\n  ports: [{port: 80}]\n");
        Assert.Equal(["NAME SERVICE ENDPOINTS", "web web 10.0.0.1:80,10.0.0.2:80,10.0.0.3:80 + 1 more..."],
            Words("get ep -n x"));
    }

    private void Has(string kind, string text) => _daemon.Says($"GET /v1/objects?kind={kind}",
        new ObjectsResponse(3, [new ObjectEntry(kind, "x/web", "s.yaml", 1, "apply", text)]),
        ApiJson.Default.ObjectsResponse);

    private IEnumerable<string> Words(string line) => _cli.Run(line.Split(' ')).Out
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(l => string.Join(' ', l.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
}
