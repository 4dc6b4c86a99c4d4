using Dataplane.Api;

namespace Dataplane.Cli.Tests;

/// <summary>The commands that ask and change nothing.</summary>
public sealed class ReadTests : IDisposable
{
    private static readonly PodsResponse Pods = new("dataplane", "dp0", "10.244.0.1", "fd00:10:244::1",
    [
        new PodEntry("x/client", "10.244.0.12", "fd00:10:244::c")
        {
            Netns = "dataplane-x-client", Port = "pod1", PortIndex = 4, Mac = "02:00:00:00:00:01",
        },
        new PodEntry("x/web", "10.244.0.11", null)
        {
            Netns = "dataplane-x-web", Port = "pod2", PortIndex = 5, Mac = "02:00:00:00:00:02",
        },
        new PodEntry("kube/agent", "10.244.0.1", "fd00:10:244::1") { HostNetwork = true },
    ]);

    private static readonly ObjectsResponse Objects = new(3,
    [
        new ObjectEntry("NetworkPolicy", "x/web", "policy.yaml", 1, "apply", Cli.Policy)
        {
            Labels = new Dictionary<string, string> { ["tier"] = "back" },
        },
        new ObjectEntry("Pod", "x/web", "pods.yaml", 1, "apply", Cli.Pods.Split("---\n")[0])
        {
            Pod = Pods.Pods[1], Labels = new Dictionary<string, string> { ["app"] = "web" },
        },
        new ObjectEntry("Pod", "y/lone", "pods.yaml", 9, "apply", Cli.Pods.Split("---\n")[1]),
        new ObjectEntry("Namespace", "x", "ns.yaml", 1, "/etc/m/ns.yaml",
            "apiVersion: v1\nkind: Namespace\nmetadata: { name: x }\n"),
    ]);

    private readonly Cli _cli = new();
    private readonly CannedDaemon _daemon;

    public ReadTests()
    {
        _daemon = new CannedDaemon(_cli.Socket)
            .Says("GET /v1/pods", Pods, ApiJson.Default.PodsResponse)
            .Says("GET /v1/objects", Objects, ApiJson.Default.ObjectsResponse);
        foreach (var kind in (string[])["Pod", "NetworkPolicy", "Namespace"])
        {
            _daemon.Says($"GET /v1/objects?kind={kind}",
                Objects with { Objects = [.. Objects.Objects.Where(o => o.Kind == kind)] },
                ApiJson.Default.ObjectsResponse);
        }
        _daemon.Says("GET /v1/state", new StateResponse(3, "10.244.0.0/16", "fd00:10:244::/64",
            [new ManifestFile("pods.yaml", Cli.Pods), new ManifestFile("policy.yaml", Cli.Policy, 21)],
            [new Lease("x/web", "10.244.0.11", "fd00:10:244::b"),
                new Lease("x/client", "10.244.0.12", "fd00:10:244::c")]), ApiJson.Default.StateResponse);
    }

    public void Dispose()
    {
        _daemon.Dispose();
        _cli.Dispose();
    }

    [Theory]
    [InlineData("get po -n x", "NAME  IPV4         IPV6  LABELS\nweb   10.244.0.11  -     app=web\n")]
    [InlineData("get pods -A", "NAMESPACE  NAME  IPV4         IPV6  LABELS\n"
        + "x          web   10.244.0.11  -     app=web\ny          lone  -            -     <none>\n")]
    [InlineData("get pod x/web -o name", "pod/x/web\n")]
    [InlineData("get pod/x/web -o name", "pod/x/web\n")]
    [InlineData("get netpol -n x",
        "NAME  POD-SELECTOR  ISOLATES  INGRESS  EGRESS\nweb   app=web       Ingress   1 rule   0 rules\n")]
    [InlineData("get netpol web -n x -o wide", "NAME  POD-SELECTOR  ISOLATES  INGRESS  EGRESS   SOURCE\n"
        + "web   app=web       Ingress   1 rule   0 rules  policy.yaml:1\n")]
    [InlineData("get ns", "NAME  LABELS\nx     <none>\n")]
    [InlineData("get all -A -l tier=back -o name", "networkpolicy/x/web\n")]
    [InlineData("get po -A -l !app -o name", "pod/y/lone\n")]
    [InlineData("get po -A -l app!=web -o name", "pod/y/lone\n")]
    [InlineData("get ns -o yaml", "apiVersion: v1\nkind: Namespace\nmetadata: { name: x }\n")]
    public void Get(string line, string expected)
    {
        var outcome = _cli.Run(line.Split(' '));
        Assert.Equal((0, "", expected), (outcome.Exit, outcome.Error, outcome.Out));
    }

    [Fact]
    public void Several_kinds_are_several_tables() => Assert.Equal("""
        pods
        NAME  IPV4         IPV6  LABELS   NETNS            PORT  MAC                SOURCE
        web   10.244.0.11  -     app=web  dataplane-x-web  pod2  02:00:00:00:00:02  pods.yaml:1

        networkpolicies
        NAME  POD-SELECTOR  ISOLATES  INGRESS  EGRESS   SOURCE
        web   app=web       Ingress   1 rule   0 rules  policy.yaml:1

        """, _cli.Run("get", "po,netpol", "-n", "x", "-o", "wide").Out);

    [Fact]
    public void Get_as_json()
    {
        var json = _cli.Run("get", "po", "-A", "-o", "json").Json;
        Assert.Equal("3 x/web pod2 y/lone", $"{json["generation"]} {json["objects"]![0]!["name"]} "
            + $"{json["objects"]![0]!["pod"]!["port"]} {json["objects"]![1]!["name"]}");
    }

    [Theory]
    [InlineData("get po -A -o json")]
    [InlineData("topology -o json")]
    public void Families_are_spelled_as_everywhere(string line)
    {
        var text = _cli.Run(line.Split(' ')).Out;
        Assert.Contains("\"IPv4\": \"10.244.0.11\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("iPv4", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_there_is_no_failure()
    {
        var outcome = _cli.Run("get", "po");
        Assert.Equal((0, "no pods in namespace default; -A shows all namespaces\n"), (outcome.Exit, outcome.Error));
    }

    [Fact]
    public void A_name_that_is_not_there_is() => _cli.Run("get", "po", "x/wb").ShouldFail(1, "dataplane: no pod x/wb");

    [Fact]
    public void Describe_a_pod()
    {
        var outcome = _cli.Run("describe", "pod", "x/web");
        Assert.Equal((0, ""), (outcome.Exit, outcome.Error));
        Assert.Equal("""
            Pod x/web   10.244.0.11   fd00:10:244::b
            Network   netns dataplane-x-web, port pod2 ↔ eth0, 02:00:00:00:00:02
            Labels    app=web
            Declares  TCP 80
            Runs      nothing: its image does not run; to serve a port: sudo dataplane exec x/web -- nc -lk 80
            From      pods.yaml:1
            Ingress   ISOLATED by 1 policy: what no rule below allows is denied
                      x/web  policy.yaml:21  1 rule
                             policy.yaml:27  allows from pods app=client of x on TCP 80
            Egress    open: no NetworkPolicy of x that lists Egress selects it
            Reached   by 1 of 2 pods on TCP 80: x/client

            """, outcome.Out);
    }

    [Fact]
    public void Describe_a_policy() => Assert.Equal("""
        NetworkPolicy x/web   policy.yaml:21
        Selects   pods app=web of x: 1 pod: x/web
        Ingress   isolated, 1 rule
                  policy.yaml:27  on TCP 80
                                  from pods app=client: 1 pod: x/client
        Egress    not isolated: policyTypes does not list it

        """, _cli.Run("describe", "netpol", "web", "-n", "x").Out);

    [Fact]
    public void Describe_what_is_not_there()
    {
        _cli.Run("describe", "po", "x/wb").ShouldFail(1, "dataplane: no pod x/wb; did you mean x/web?");
        _cli.Run("describe", "netpol", "x/b").ShouldFail(1, "dataplane: no networkpolicy x/b");
    }

    [Theory]
    [InlineData("tree", """
        node netns dataplane
        ├─ dp0  10.244.0.1  fd00:10:244::1  (bridge, gateway of the pods)
        │  ├─ pod1 ↔ eth0  x/client  10.244.0.12  fd00:10:244::c  02:00:00:00:00:01  netns dataplane-x-client
        │  └─ pod2 ↔ eth0  x/web     10.244.0.11  -               02:00:00:00:00:02  netns dataplane-x-web
        └─ kube/agent  (hostNetwork: the node's addresses)

        """)]
    [InlineData("mermaid", """
        graph LR
          bridge["netns dataplane<br/>dp0<br/>10.244.0.1<br/>fd00:10:244::1"]
          bridge -- pod1 --- p0["x/client<br/>10.244.0.12<br/>fd00:10:244::c"]
          bridge -- pod2 --- p1["x/web<br/>10.244.0.11"]
          h0["kube/agent<br/>hostNetwork"]

        """)]
    [InlineData("dot", """
        graph node {
          rankdir=LR;
          node [shape=box, fontname="sans-serif"];
          "dp0" [label="netns dataplane\ndp0\n10.244.0.1\nfd00:10:244::1", style=bold];
          "x/client" [label="x/client\n10.244.0.12\nfd00:10:244::c"];
          "dp0" -- "x/client" [taillabel="pod1", headlabel="eth0"];
          "x/web" [label="x/web\n10.244.0.11"];
          "dp0" -- "x/web" [taillabel="pod2", headlabel="eth0"];
          "kube/agent" [label="kube/agent\nhostNetwork", style=dashed];
        }

        """)]
    public void Topology(string format, string expected) =>
        Assert.Equal(expected, _cli.Run("topology", "-o", format).Out);

    [Fact]
    public void Matrix_and_why_of_the_daemons_state()
    {
        Assert.Contains("TCP,80,IPv4,x/client,x/web,allowed\n", _cli.Run("matrix", "-o", "csv").Out,
            StringComparison.Ordinal);
        var why = _cli.Run("why", "x/other", "x/web", "--expect", "deny");
        Assert.Equal((0, ""), (why.Exit, why.Error));
        Assert.Contains("policy.yaml:21", why.Out, StringComparison.Ordinal);
        // Leases, not the order of names, decide about addresses.
        Assert.Equal("x/client", _cli.Run("why", "10.244.0.12", "x/web", "-o", "json").Json["from"]!.ToString());
    }

    [Fact]
    public void Diff_with_the_daemons_state()
    {
        var pods = _cli.File("pods.yaml", Cli.Pods);
        var opened = _cli.Run("diff", "--prune", "-f", pods);
        Assert.Equal(1, opened.Exit);
        Assert.Contains("-  NetworkPolicy  x/web  policy.yaml:21\n", opened.Out, StringComparison.Ordinal);
        Assert.Contains("opened\n", opened.Out, StringComparison.Ordinal);
        Assert.Contains("closed\n", _cli.Run("diff", "--against", pods).Out, StringComparison.Ordinal);
        Assert.Equal(0, _cli.Run("diff", "-f", _cli.Example()).Exit);
    }

    [Fact]
    public void Rules_of_the_daemon()
    {
        _daemon.Says("GET /v1/rules", "table inet dataplane {\n}\n"u8.ToArray());
        Assert.Equal("table inet dataplane {\n}\n", _cli.Run("rules").Out);
    }

    [Fact]
    public void Verify_by_the_daemon()
    {
        VerifiedFlow flow = new("x/other", "x/web", "TCP", 80, "IPv4", false, "denied", "drop-log", "ingress", null);
        _daemon.Says("POST /v1/verify", new VerifyResponse(3,
            [flow, flow with { From = "x/client", Expected = true, Measured = "undecided", Evidence = "none" }], null,
            ["slow"], 1.5), ApiJson.Default.VerifyResponse);
        var outcome = _cli.Run("verify", "--probe", "tcp/80", "--family", "4", "-o", "json");
        Assert.Equal((6, "warning: slow\n"), (outcome.Exit, outcome.Error));
        Assert.Equal("denied drop-log 2 1 1", $"{outcome.Json["flows"]![0]!["measured"]} "
            + $"{outcome.Json["flows"]![0]!["evidence"]} {outcome.Json["summary"]!["flows"]} "
            + $"{outcome.Json["summary"]!["agree"]} {outcome.Json["summary"]!["undecided"]}");
        Assert.Equal("""{"probes":["TCP:80"],"family":4}""",
            _daemon.Asked.Single(a => a.Question == "POST /v1/verify").Body);
        Assert.StartsWith("<?xml", _cli.Run("verify", "-o", "junit").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sample_by_the_daemon()
    {
        VerifiedFlow flow = new("x/other", "x/web", "TCP", 80, "IPv4", false, "denied", "drop-log", "ingress", null);
        _daemon.Says("POST /v1/verify",
            new VerifyResponse(3, [flow], null, [], 1.5) { Sample = new VerifiedSample(18, 5, 4, 1) },
            ApiJson.Default.VerifyResponse);
        var outcome = _cli.Run("verify", "--sample", "1", "--seed", "5", "-o", "json");
        Assert.Equal((0, "warning: a sample of 1 of 18 flows, seed 5, "
            + "covers 1 of at least 4 compiled decisions (25 %); a larger --sample covers more\n"),
            (outcome.Exit, outcome.Error));
        Assert.Equal("1 18 5 4 1", string.Join(' ', new[] { "sampled", "of", "seed", "decisions", "covered" }
            .Select(name => $"{outcome.Json["sample"]![name]}")));
        Assert.Equal("""{"probes":[],"sample":1,"seed":5}""",
            _daemon.Asked.Single(a => a.Question == "POST /v1/verify").Body);
    }

    [Fact]
    public void Exec_needs_root() =>
        _cli.Run("exec", "x/web", "--", "true").ShouldFail(4, "dataplane: needs root: run it with sudo dataplane exec");

    [Fact]
    public void Exec_in_a_pod_that_is_not_there()
    {
        using var root = new Cli { IsRoot = true };
        root.Run("exec", "--socket", _cli.Socket, "x/wb", "--", "true")
            .ShouldFail(1, "dataplane: no pod x/wb; did you mean x/web?");
    }

    [Fact]
    public void Exec_in_a_pod_whose_namespace_is_gone()
    {
        using var root = new Cli { IsRoot = true };
        File.WriteAllText(_cli.Socket + ApiPaths.ToldSuffix, "");
        _daemon.Says("GET /v1/pods",
            Pods with { Pods = [new PodEntry("x/web", null, null) { Netns = "dataplane-cli-test-never" }] },
            ApiJson.Default.PodsResponse);
        root.Run("exec", "--socket", _cli.Socket, "x/web", "--", "true").ShouldFail(4,
            "dataplane: x/web has no network namespace dataplane-cli-test-never on this machine; "
                + "the daemon repairs that within a second: see dataplane status");
    }
}
