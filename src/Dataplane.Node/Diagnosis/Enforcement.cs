using System.Net.Sockets;
using Dataplane.Kubernetes.Loading;
using Dataplane.Node.Verification;
using Dataplane.Planning;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Diagnosis;

/// <summary>
/// Proves enforcement with a private node, two pods and a policy: one packet must arrive, one must be dropped by our
/// rule.
/// </summary>
internal static class Enforcement
{
    private const string Manifests = """
        apiVersion: v1
        kind: Pod
        metadata: {name: client, namespace: doctor}
        spec: {containers: [{name: c, image: none}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: server, namespace: doctor, labels: {app: server}}
        spec: {containers: [{name: c, image: none}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: only-80, namespace: doctor}
        spec:
          podSelector: {matchLabels: {app: server}}
          ingress: [{ports: [{port: 80}]}]
        """;

    private const ushort Allowed = 80, Denied = 81;

    public static IEnumerable<Finding> Check()
    {
        var cluster = Planner.Plan(ManifestLoader.LoadText("doctor.yaml", Manifests), NodeOptions.Default).Cluster!;
        return [Verify(cluster), Shortcut.Check(cluster, Allowed)];
    }

    private static Finding Verify(Cluster cluster)
    {
        var (client, server) = (cluster.Pods[0], cluster.Pods[1]);
        Flow[] flows = [.. new[] { Allowed, Denied }.Select(port =>
            new Flow(client, server, new Probe(FlowProtocol.Tcp, port), AddressFamily.InterNetwork))];
        var report = Verifier.Run(cluster, NodeOptions.Default, flows, progress: null, CancellationToken.None);
        if (report.ControlFailure is null && report.Agree == flows.Length)
            return Finding.Ok("enforcement: an allowed packet arrived, a denied one was dropped and named by our rule");
        var why = report.ControlFailure ?? string.Join(", ", report.Flows.Select(Describe));
        return Finding.Failed($"enforcement: {why}", "please report it with the output of dataplane doctor -o json");
    }

    private static string Describe(FlowResult result) =>
        $"TCP {result.Flow.Probe.Port} was {result.Measured}, expected {(result.Expected ? "allowed" : "denied")}";
}
