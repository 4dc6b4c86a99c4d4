using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Dataplane.Cli.Output;
using Dataplane.Cli.Terminal;
using Dataplane.Cli.Verify;
using Dataplane.Kubernetes.Loading;
using Dataplane.Node.Verification;
using Dataplane.Planning;
using Dataplane.Policy.Model;
using Dataplane.Policy.Sampling;

namespace Dataplane.Cli.Tests;

/// <summary>How a verification is printed and what exit code it gets, from reports made by hand.</summary>
public sealed class VerifyOutputTests
{
    private static readonly Cluster Cluster = ClusterBuilder.Build(
        ManifestLoader.LoadText("p.yaml", Cli.Pods + "---\n" + Cli.Policy).Manifests, NodeOptions.Default).Cluster!;
    private static readonly Flow Denied = FlowOf("x/other", "x/web"), Allowed = FlowOf("x/client", "x/web");

    private static readonly FlowResult
        AsAllowed = new(Allowed, Expected: true, Measured.Allowed, Evidence.Captured, null, "RST"),
        AsDenied = new(Denied, Expected: false, Measured.Denied, Evidence.DropLog, "ingress", null),
        Leaked = new(Denied, Expected: false, Measured.Allowed, Evidence.Captured, null, null),
        Cut = new(Allowed, Expected: true, Measured.Denied, Evidence.DropLog, "ingress", null),
        Lost = new(Allowed, Expected: true, Measured.Undecided, Evidence.None, null, null);

    [Fact]
    public void Exit_codes()
    {
        Assert.Equal(0, VerifyRun.ExitCode(Report(AsAllowed, AsDenied)));
        Assert.Equal(1, VerifyRun.ExitCode(Report(Leaked, AsAllowed)));
        Assert.Equal(1, VerifyRun.ExitCode(Report(Leaked, Lost)));
        Assert.Equal(6, VerifyRun.ExitCode(Report(AsDenied, Lost)));
        Assert.Equal(6, VerifyRun.ExitCode(Report(AsDenied) with { ControlFailure = "the stranger got through" }));
    }

    [Fact]
    public void Warnings_are_for_people_one_line_each()
    {
        using var error = new StringWriter { NewLine = "\n" };
        using var shell = new Shell(Stream.Null, error, TextReader.Null);
        VerifyRun.Warn(shell, Report(AsAllowed));
        Assert.Equal("", error.ToString());
        VerifyRun.Warn(shell, Report(AsAllowed) with { Warnings = ["no owned tables"] });
        Assert.Equal("warning: no owned tables\n", error.ToString());
    }

    [Fact]
    public void Json_is_as_fixed() => Assert.Equal("""
        {
          "flows": [
            {
              "from": "x/client",
              "to": "x/web",
              "protocol": "TCP",
              "port": 80,
              "family": "IPv4",
              "expected": "allowed",
              "measured": "allowed",
              "evidence": "captured",
              "reason": "captured at x/web; RST came back"
            },
            {
              "from": "x/other",
              "to": "x/web",
              "protocol": "TCP",
              "port": 80,
              "family": "IPv4",
              "expected": "denied",
              "measured": "allowed",
              "evidence": "captured",
              "reason": "policies: x/web (p.yaml:16) isolates x/web for ingress; nearest: x/web wants podSelector app=client; kernel: captured at x/web"
            },
            {
              "from": "x/client",
              "to": "x/web",
              "protocol": "TCP",
              "port": 80,
              "family": "IPv4",
              "expected": "allowed",
              "measured": "undecided",
              "evidence": "none",
              "reason": "policies: x/web: isolated by 1 policy, a rule allows it: x/web (p.yaml:22); kernel: no clear answer: neither a capture nor a drop log that can be trusted"
            }
          ],
          "summary": {
            "flows": 3,
            "agree": 1,
            "disagree": 1,
            "undecided": 1,
            "milliseconds": 36
          },
          "timings": {
            "attach": 12.5,
            "program": 3,
            "probe": 20
          }
        }

        """, Print(shell => shell.WriteJson(json => JsonSerializer.Serialize(json,
            VerifyData.ToDocument(Cluster, Report(AsAllowed, Leaked, Lost)), Documents.Default.VerifyDocument))));

    [Fact]
    public void Table_of_agreement() => Assert.Equal("""
        TCP 80 · IPv4   expected = measured
        from ↓  to →  x/client  x/other  x/web
        x/client         –         –       ✓
        x/other          –         –       ·
        x/web            –         –       –

        ✓ allowed   · denied   – itself, or no such flow

        2 flows: 2 as expected, 0 different, 0 undecided   36 ms (attach 13 ms, program 3 ms, probe 20 ms)

        """, Table(Report(AsAllowed, AsDenied)));

    [Fact]
    public void Table_of_disagreement() => Assert.Equal("""
        TCP 80 · IPv4   not all as expected
        from ↓  to →  x/client  x/other  x/web
        x/client         –         –       ✗
        x/other          –         –       ✗
        x/web            –         –       –

        ✓ allowed   · denied   – itself, or no such flow   ✗ not as expected

        ✗ x/client → x/web   TCP 80 · IPv4   expected ALLOWED   measured DENIED
            policy  x/web: isolated by 1 policy, a rule allows it: x/web (p.yaml:22)
            kernel  dropped, and logged as "ingress"; nothing arrived at x/web

        ✗ x/other → x/web   TCP 80 · IPv4   expected DENIED   measured ALLOWED
            policy  x/web (p.yaml:16) isolates x/web for ingress; nearest: x/web wants podSelector app=client
            kernel  captured at x/web

        control failed: the stranger got through; nothing above can be trusted

        2 flows: 0 as expected, 2 different, 0 undecided   36 ms (attach 13 ms, program 3 ms, probe 20 ms)

        """, Table(Report(Cut, Leaked) with { ControlFailure = "the stranger got through" }));

    [Fact]
    public void JUnit()
    {
        var suite = XDocument.Parse(Print(shell =>
            VerifyData.WriteJUnit(shell.Out, Cluster, Report(AsAllowed, Leaked, Lost), null)))
            .Root!.Element("testsuite")!;
        Assert.Equal(("4", "1", "1"), ((string)suite.Attribute("tests")!, (string)suite.Attribute("failures")!,
            (string)suite.Attribute("errors")!));
        var cases = suite.Elements("testcase").ToList();
        Assert.Equal(
            ["controls", "client -> x/web TCP 80 IPv4", "other -> x/web TCP 80 IPv4", "client -> x/web TCP 80 IPv4"],
            cases.Select(c => (string)c.Attribute("name")!));
        Assert.Empty(cases[1].Elements());
        Assert.Equal("want DENIED got ALLOWED", (string)cases[2].Element("failure")!.Attribute("message")!);
        Assert.Equal("want ALLOWED got UNKNOWN", (string)cases[3].Element("error")!.Attribute("message")!);
    }

    [Fact]
    public void A_sample_says_what_it_covers()
    {
        var part = Report(AsAllowed, AsDenied) with { Sample = new FlowSample([Allowed, Denied], 60_000, 7, 40, 2) };
        var json =
            JsonSerializer.Serialize(VerifyData.ToDocument(Cluster, part).Sample!, Documents.Default.SampleDocument)
                .ReplaceLineEndings("")
                .Replace(" ", "", StringComparison.Ordinal);
        Assert.Equal("""{"sampled":2,"of":60000,"seed":7,"decisions":40,"covered":2}""", json);
        Assert.Contains("a sample of 2 of 60000 flows, seed 7, covers 2 of at least 40 compiled decisions (5 %)\n",
            Table(part), StringComparison.Ordinal);
        Assert.Contains("covers all 2 compiled decisions\n",
            Table(part with { Sample = part.Sample! with { Decisions = 2 } }), StringComparison.Ordinal);
        using var error = new StringWriter { NewLine = "\n" };
        using var shell = new Shell(Stream.Null, error, TextReader.Null);
        VerifyRun.Warn(shell, part);
        Assert.Equal("warning: a sample of 2 of 60000 flows, seed 7, covers 2 of at least 40 compiled decisions (5 %); "
            + "a larger --sample covers more\n", error.ToString());
        Assert.Null(VerifyData.ToDocument(Cluster, Report(AsAllowed)).Sample);
    }

    [Fact]
    public void Many_pods_are_a_summary_by_namespace_and_what_differs()
    {
        var many = ClusterBuilder.Build(
            ManifestLoader.LoadText("many.yaml", $"{Shop.Workload("web", 30, 80)}---\n{Shop.Pod("ops", "intruder")}")
                .Manifests, NodeOptions.Default).Cluster!;
        var pods = many.Pods;
        var results = pods.SelectMany(from => pods.Select(to => new FlowResult(
            new Flow(from, to, new Probe(FlowProtocol.Tcp, 80), AddressFamily.InterNetwork), Expected: true,
            from.Name == "ops/intruder" && to.Name == "shop/web-7" ? Measured.Denied
                : to.Name == "shop/web-8" && from == to ? Measured.Undecided : Measured.Allowed,
            Evidence.Captured, null, null))).ToArray();
        var text = Print(shell => VerifyTable.Write(shell.Out, Ansi.None, 100, many, Report(results)));
        Assert.StartsWith("""
            to namespace  flows  allowed  denied  different  undecided
            ops           31     31       0       0          0
            shop          930    928      0       1          1

            ✗ ops/intruder → shop/web-7   TCP 80 · IPv4   expected ALLOWED   measured DENIED

            """, text, StringComparison.Ordinal);
        Assert.Contains("\n? shop/web-8 → shop/web-8 ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("from ↓", text, StringComparison.Ordinal);
        Assert.Contains("961 flows: 959 as expected, 1 different, 1 undecided", text, StringComparison.Ordinal);
    }

    private static VerifyReport Report(params FlowResult[] flows) =>
        new(flows, null, [], new VerifyTimings(TimeSpan.FromMilliseconds(12.5), TimeSpan.FromMilliseconds(3),
            TimeSpan.FromMilliseconds(20)));

    private static Flow FlowOf(string from, string to) => new(
        Cluster.Pods.Single(p => p.Name == from), Cluster.Pods.Single(p => p.Name == to),
        new Probe(FlowProtocol.Tcp, 80), AddressFamily.InterNetwork);

    private static string Table(VerifyReport report) =>
        Print(shell => VerifyTable.Write(shell.Out, Ansi.None, 100, Cluster, report));

    private static string Print(Action<Shell> print)
    {
        var output = new MemoryStream();
        using (var shell = new Shell(output, TextWriter.Null, TextReader.Null)) print(shell);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
