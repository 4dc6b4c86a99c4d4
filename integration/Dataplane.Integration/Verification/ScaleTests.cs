using System.Text;
using Dataplane.Kubernetes.Loading;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Verification;
using Dataplane.Planning;
using Dataplane.Policy.Model;

namespace Dataplane.Integration.Verification;

/// <summary>A matrix of ordinary size, whole: 30 pods, 10 policies, 3 probes, both families.</summary>
public sealed class ScaleTests(ITestOutputHelper output)
{
    [Fact]
    public void Thirty_pods_and_three_probes() => Verify();

    /// <summary>On a busy machine too: a late packet is not a lost one.</summary>
    [Fact]
    public void The_same_with_busy_CPUs()
    {
        using var busy = new BusyCpus();
        Verify();
    }

    private void Verify()
    {
        var loaded = ManifestLoader.LoadText("scale.yaml", Manifests());
        Assert.False(loaded.HasErrors, string.Join('\n', loaded.Diagnostics.Select(d => d.Message)));
        var cluster = ClusterBuilder.Build(loaded.Manifests, NodeOptions.Default).Cluster!;
        Assert.Equal((30, 10), (cluster.Pods.Count, cluster.NetworkPolicies.Count));
        var report = Verifier.Run(cluster, NodeOptions.Default,
            [new Probe(FlowProtocol.Tcp, 80), new Probe(FlowProtocol.Udp, 53), new Probe(FlowProtocol.Sctp, 132)],
            [], null, null, null, TestContext.Current.CancellationToken);
        Assert.Null(report.ControlFailure);
        Assert.Equal((30 * 30 * 3 * 2, 30 * 30 * 3 * 2), (report.Flows.Count, report.Agree));
        Assert.InRange(report.Flows.Count(f => f.Expected), 100, report.Flows.Count - 100);
        var t = report.Timings;
        output.WriteLine(
            $"{report.Flows.Count} flows in {t.Total.TotalMilliseconds:0} ms: attach {t.Attach.TotalMilliseconds:0}, "
                + $"program {t.Program.TotalMilliseconds:0}, probe {t.Probe.TotalMilliseconds:0}");
        ThreadHome.AssertAllHome();
    }

    private static string Manifests()
    {
        var text = new StringBuilder();
        for (var n = 0; n < 3; n++)
        {
            text.Append($"apiVersion: v1\nkind: Namespace\nmetadata: {{name: n{n}, labels: {{team: t{n}}}}}\n---\n");
            for (var p = 0; p < 10; p++)
            {
                text.Append(
                    $"apiVersion: v1\nkind: Pod\nmetadata: {{name: p{p}, namespace: n{n}, labels: {{app: a{p % 4}}}}}\n"
                        + $"spec: {{containers: [{{name: c, image: i}}]}}\n---\n");
            }
        }
        for (var i = 0; i < 10; i++)
        {
            var (type, list, peers) = i % 3 == 0 ? ("Egress", "egress", "to") : ("Ingress", "ingress", "from");
            var (protocol, port) = i % 2 == 0 ? ("TCP", 80) : ("UDP", 53);
            text.Append($"""
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata:
                  name: np{i}
                  namespace: n{i % 3}
                spec:
                  podSelector:
                    matchLabels:
                      app: a{i % 4}
                  policyTypes: [{type}]
                  {list}:
                  - {peers}:
                    - namespaceSelector:
                        matchLabels:
                          team: t{(i + 1) % 3}
                      podSelector:
                        matchLabels:
                          app: a{(i + 1) % 4}
                    ports:
                    - protocol: {protocol}
                      port: {port}
                ---

                """);
        }
        return text.ToString();
    }
}
