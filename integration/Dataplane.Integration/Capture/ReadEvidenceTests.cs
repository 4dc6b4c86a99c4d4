using System.Text.Json.Nodes;
using Dataplane.Integration.Promises;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Integration.Capture;

/// <summary>
/// The packets that verify leaves as its proof, told by read: every flow is in them, with the same verdict.
/// </summary>
public sealed class ReadEvidenceTests : IDisposable
{
    private const string Objects = """
        apiVersion: v1
        kind: Pod
        metadata: {name: a, namespace: x, labels: {app: a}}
        spec: {containers: [{name: c, image: i, ports: [{containerPort: 80}]}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: b, namespace: x}
        spec: {containers: [{name: c, image: i, ports: [{containerPort: 53, protocol: UDP}]}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: c, namespace: 'y'}
        spec: {containers: [{name: c, image: i}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: some, namespace: x}
        spec:
          podSelector: {}
          ingress: [{from: [{podSelector: {matchLabels: {app: a}}}]}]

        """;

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Every_flow_is_there_with_its_verdict()
    {
        var (manifests, evidence) = (_directory.Write("m.yaml", Objects), _directory["e.pcapng"]);
        var verified = Flows("verify", "-f", manifests, "--pcap", evidence, "--probe", "TCP:80", "--probe", "UDP:53",
            "--probe", "SCTP:7", "--probe", "ICMP", "-o", "json")
            .ToDictionary(Key, f => (string?)f["expected"]);
        Assert.Contains("allowed", verified.Values);
        Assert.Contains("denied", verified.Values);
        var read = Flows("read", evidence, "-f", manifests, "-o", "json").ToDictionary(Key, f => (string?)f["verdict"]);
        Assert.Equal(verified.OrderBy(f => f.Key, StringComparer.Ordinal),
            read.Where(f => verified.ContainsKey(f.Key)).OrderBy(f => f.Key, StringComparer.Ordinal));
        ThreadHome.AssertAllHome();
    }

    private static string Key(JsonNode flow) =>
        $"{flow["from"]} > {flow["to"]} {flow["protocol"]} {flow["port"]} {flow["family"]}";

    private static IEnumerable<JsonNode> Flows(params string[] arguments)
    {
        var result = Command.Run("/nowhere", "", arguments);
        Assert.True(result.ExitCode == 0, result.Error);
        return JsonNode.Parse(result.Output)!["flows"]!.AsArray().Select(f => f!);
    }
}
