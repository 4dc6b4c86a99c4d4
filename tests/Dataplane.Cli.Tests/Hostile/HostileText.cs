using System.Text;
using System.Text.Json;
using Dataplane.Api;

namespace Dataplane.Cli.Tests.Hostile;

/// <summary>What somebody may write who wants to fool the reader of a terminal or of a log.</summary>
internal static class HostileText
{
    /// <summary>What the name of a file may be on Linux: anything but a slash.</summary>
    public const string Name = "\u001b[31mE\u001b]0;T\u0007\r\nFORGED\u202e\u2066\u200f\u061c\u200b\u2060\ufeff\u2028"
        + "\u0085\u009b2J\u007f";

    /// <summary>Good YAML whose values the Kubernetes API refuses.</summary>
    public static readonly string Manifest = """
        apiVersion: v1
        kind: Pod
        metadata:
          name: "a\e[31m\u202e\r\nFORGED"
          namespace: "x\e"
          labels: { "k\u202e\e]0;T\a": "v\r\nFORGED\u2028\x9b", plainRLO: bLRIc }
          annotations: { "dataplane/netns\e": "\e" }
        spec: { containers: [{ name: "c\e", image: "i\e", ports: [{ containerPort: "8\e0", protocol: "TC\eP" }] }] }
        ---
        apiVersion: "v1\e[2J"
        kind: "Po\u202ed"
        metadata: { name: "\e" }
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: p, namespace: x }
        spec:
          podSelector:
            matchLabels: { "a\u2066": "b\e" }
            matchExpressions: [{ key: "\e", operator: "In\u202e", values: ["\r\nFORGED"] }]
          ingress:
            - from: [{ ipBlock: { cidr: "10.0.0.0/8\e[1m", except: ["\u202e"] } }]
              ports: [{ port: "ht\u202etp\e", protocol: "TC\eP" }]
          "fo\e[0mo\u200b": 1
        """.Replace("RLO", "\u202e", StringComparison.Ordinal).Replace("LRI", "\u2066", StringComparison.Ordinal);

    /// <summary>
    /// The first character that is not for eyes, with what surrounds it; null where there is none. Line feeds and tabs
    /// are no such characters: a text has lines.
    /// </summary>
    public static string? FirstRaw(string said)
    {
        for (var i = 0; i < said.Length; i++)
        {
            var c = said[i];
            var isRaw = (char.IsControl(c) && c is not ('\n' or '\t'))
                || c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069')
                    or (>= '\u200b' and <= '\u200f') or '\u061c' or '\u2060' or '\ufeff' or '\u2028' or '\u2029';
            if (isRaw) return $"U+{(int)c:X4} in {said[Math.Max(0, i - 60)..Math.Min(said.Length, i + 20)]}";
        }
        return said.StartsWith("FORGED", StringComparison.Ordinal)
            || said.Contains("\nFORGED", StringComparison.Ordinal) ? $"a line of its own: {said}" : null;
    }

    /// <summary>A daemon, or what sits in its place, that answers every question with hostile text.</summary>
    public static CannedDaemon Daemon(string socket)
    {
        var pods = new PodsResponse(Name, Name, Name, Name, [
            new PodEntry("x/web", Name, Name) { Netns = Name, Port = Name, Mac = Name, Workload = Name },
            new PodEntry(Name, Name, Name) { HostNetwork = true }]);
        var objects = new ObjectsResponse(1,
        [
            .. ((string[])["Pod", "NetworkPolicy", "Namespace", Name]).SelectMany(kind => ((string[])["x/web", Name])
                .Select(name => new ObjectEntry(kind, name, Name, 1, Name, Manifest)
                {
                    Labels = new Dictionary<string, string> { [Name] = Name, ["app"] = "web" },
                    Namespace = Name, Pod = pods.Pods[0],
                })),
        ]);
        DiagnosticEntry[] findings =
        [
            new DiagnosticEntry(Name, "error", Name, Name, 1, 1) { Help = Name, Note = Name },
            new DiagnosticEntry("S001", "note", Name, Name, 1, 1),
            new DiagnosticEntry("S001", "warning", Name, Name, 1, 1),
        ];
        var change = new ChangeResponse(2, [new ChangedObject(Name, Name, Name)],
            [new CutFlow(Name, Name, Name, 1, 2, Name)])
        {
            Diagnostics = findings, Proof = [new ProofPacket(Name, Name, Name)], Unproven = [Name],
            Attached = [Name], Detached = [Name],
        };
        var status = new StatusResponse(Name, 1, DateTimeOffset.UnixEpoch, Name, Name)
        {
            Problem = Name, Errors = [Name], StrayThreads = [Name], RepairsTotal = 1, DesiredGeneration = 1,
            Repairs = [new RepairEntry(DateTimeOffset.UnixEpoch, Name, Name)],
        };
        var flow = new FlowEntry(DateTimeOffset.UnixEpoch, "denied")
        {
            From = Name, To = Name, Protocol = Name, Family = Name, Reason = Name, Direction = Name, Policy = Name,
            File = Name,
        };
        var raw = Encoding.UTF8.GetBytes(
            "{\"time\":\"1970-01-01T00:00:00Z\",\"verdict\":\"denied\",\"from\":\"\u202e\"}\n");
        byte[] flows = [.. JsonSerializer.SerializeToUtf8Bytes(flow, ApiJson.Default.FlowEntry), .. "\n"u8, .. raw];
        var state = new StateResponse(1, "10.244.0.0/16", "fd00:10:244::/64",
            [new ManifestFile($"{Name}.yaml", Cli.Pods + Cli.Policy)], [new Lease("x/web", "10.244.0.9", null)]);
        var refusal = new Problem(Problem.Namespace + "conflict", Name, 409)
        {
            Detail = Name, ExitCode = ExitCodes.Input, Diagnostics = findings,
        };
        return new CannedDaemon(socket)
            .Says("GET /v1/pods", pods, ApiJson.Default.PodsResponse)
            .Says("GET /v1/objects", objects, ApiJson.Default.ObjectsResponse)
            .Says("GET /v1/status", status, ApiJson.Default.StatusResponse)
            .Says("GET /v1/state", state, ApiJson.Default.StateResponse)
            .Says("GET /v1/flows", flows)
            // A text of lines: a line feed in it is one.
            .Says("GET /v1/rules", Encoding.UTF8.GetBytes(
                $"table inet x {{\n\tcomment \"{Name.Replace("\n", "", StringComparison.Ordinal)}\"\n}}\n"))
            .Says("POST /v1/apply", change, ApiJson.Default.ChangeResponse)
            .Says("POST /v1/delete", change, ApiJson.Default.ChangeResponse)
            .Says("POST /v1/trace", new TraceResponse(Name, Name, Name, 1, Name, Name, Name,
                [new TraceStep(1, Name, Name)]), ApiJson.Default.TraceResponse)
            .Says("POST /v1/verify", new VerifyResponse(1,
                [new VerifiedFlow("x/client", "x/web", "TCP", 80, "IPv4", true, "denied", Name, Name, Name)], Name,
                [Name], 1), ApiJson.Default.VerifyResponse)
            .Says("GET /v1/capture", refusal, ApiJson.Default.Problem, "409 Conflict", Problem.ContentType)
            .Says("POST /v1/capture", refusal, ApiJson.Default.Problem, "409 Conflict", Problem.ContentType);
    }
}
