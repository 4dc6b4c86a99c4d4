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
