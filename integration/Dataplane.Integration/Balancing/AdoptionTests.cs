using System.Net.Sockets;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;
using Dataplane.Planning;
using Dataplane.Policy.Model;
using Dataplane.Testing.Clusters;

namespace Dataplane.Integration.Balancing;

/// <summary>What the kernel remembers of clients means the same to the next process.</summary>
public sealed class AdoptionTests
{
    private const int Rounds = 4;

    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void Clients_keep_their_backends_when_another_process_compiles_anew(AddressFamily family)
    {
        var address = family == AddressFamily.InterNetwork ? "10.96.0.20" : "fd00:10:96::14";
        using var net = new ServiceNet(null);
        net.Serve("x/b", "x/c", "x/d");
        // A Service that was there before and is not any more: without it everything would have another number.
        var early = Service("early", 19, "app: d");
        var web = Service("web", 20, "web: '1'");
        net.Apply(Of(early));
        net.Apply(Of(early, web));
        net.Apply(Of(web));
        var first = Ask();
        Assert.Equal(first, Ask());
        net.Lab.Reopen();
        net.Apply(Of(web));
        Assert.Equal(first, Ask());
        net.Apply(Of(web, Service("another", 21, "app: c")));
        Assert.Equal(first, Ask());

        string[] Ask() => [.. Enumerable.Range(0, Rounds).SelectMany(_ =>
            (string[])[Name("x/a"), Name("x/b"), Name("x/c"), Name("x/d"), Name(ServiceNet.Node)])];

        string Name(string who) => net.Ask(who, address, 80).Split(' ')[0];
    }

    private static Cluster Of(params string[] services)
    {
        var planned = Planner.Plan(
            ManifestLoader.LoadText("services.yaml", Pod + string.Concat(services)), NodeOptions.Default);
        Assert.DoesNotContain(planned.Diagnostics, d => d.Severity == Severity.Error);
        return new Lab().Namespace("x").Pod("x/a", "app=a").Pod("x/b", "web=1,app=b").Pod("x/c", "web=1,app=c")
            .Pod("x/d", "web=1,app=d").Cluster with
        {
            Services = planned.Cluster!.Services,
        };
    }

    /// <summary>Nothing is planned without one.</summary>
    private const string Pod = """
        apiVersion: v1
        kind: Pod
        metadata: {name: a, namespace: x}
        spec: {containers: [{name: main}]}

        """;

    private static string Service(string name, int address, string selected) => $$"""
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: {{name}}, namespace: x}
        spec:
          selector: { {{selected}} }
          sessionAffinity: ClientIP
          ipFamilyPolicy: RequireDualStack
          clusterIP: 10.96.0.{{address}}
          clusterIPs: [10.96.0.{{address}}, "fd00:10:96::{{address:x}}"]
          ports: [{port: 80, targetPort: 8080}]

        """;
}
