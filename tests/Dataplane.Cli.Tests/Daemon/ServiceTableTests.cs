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
