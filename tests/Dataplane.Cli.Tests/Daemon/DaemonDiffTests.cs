using Dataplane.Api;

namespace Dataplane.Cli.Tests;

/// <summary>Manifests compared with the daemon's state: added to it, or in place of it.</summary>
public sealed class DaemonDiffTests : IDisposable
{
    private const string Allow = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: web, namespace: x }
        spec:
          podSelector: { matchLabels: { app: web } }
          ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 80 }] }]

        """;

    private readonly Cli _cli = new();
    private readonly CannedDaemon _daemon;

    public DaemonDiffTests()
    {
        _daemon = new CannedDaemon(_cli.Socket);
        _daemon.Says("GET /v1/state", State([]), ApiJson.Default.StateResponse);
    }

    public void Dispose()
    {
        _daemon.Dispose();
        _cli.Dispose();
    }

    /// <param name="watched">Indices of the files that belong to the manifest directory.</param>
    private static StateResponse State(IReadOnlyList<int> watched) => new(3, "10.244.0.0/16", "fd00:10:244::/64",
        [new ManifestFile("pods.yaml", Cli.Pods), new ManifestFile("policy.yaml", Cli.Policy, 21)],
        [new Lease("x/web", "10.244.0.11", "fd00:10:244::b"), new Lease("x/client", "10.244.0.12", "fd00:10:244::c")])
    {
        Watched = watched,
    };

    [Fact]
    public void What_is_not_given_is_not_removed()
    {
        var outcome = _cli.Run("diff", "-f", _cli.File("allow.yaml", Allow));
        Assert.Equal((1, "", """
            OBJECTS
            ~  NetworkPolicy  x/web  DIR/allow.yaml:1

            FLOWS
            +  x/other  → x/web  TCP 80  IPv4 and IPv6  opened

            1 object changed, 0 groups of flows closed, 1 opened

            """), (outcome.Exit, outcome.Error, outcome.Out));
        Assert.Equal(0, _cli.Run("diff", "-f", _cli.File("policy.yaml", Cli.Policy)).Exit);
        Assert.Equal(0, _cli.Run("diff", "-f", _cli.File("pods.yaml", Cli.Pods)).Exit);
    }

    [Fact]
    public void With_prune_it_is()
    {
        var outcome = _cli.Run("diff", "--prune", "-f", _cli.File("pods.yaml", Cli.Pods));
        Assert.Equal(1, outcome.Exit);
        Assert.Contains("-  NetworkPolicy  x/web  policy.yaml:21\n", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("opened\n", outcome.Out, StringComparison.Ordinal);
        _daemon.Says("GET /v1/state", State([1]), ApiJson.Default.StateResponse);
        Assert.Equal(0, _cli.Run("diff", "--prune", "-f", _cli.File("pods.yaml", Cli.Pods)).Exit);
    }

    [Fact]
    public void Prune_is_for_the_daemon() => _cli
        .Run("diff", "--prune", "-f", _cli.File("a.yaml", Cli.Pods), "--against", _cli.File("b.yaml", Cli.Pods))
        .ShouldFail(2, "dataplane: --prune is for a comparison with the daemon's state; --against is the whole");

    [Fact]
    public void What_does_not_go_together_is_refused()
    {
        var path = _cli.File("twin.yaml", """
            apiVersion: v1
            kind: Pod
            metadata: { name: twin, namespace: x }
            spec: { containers: [{ name: c, image: i }] }
            status: { podIP: 10.244.0.11 }

            """);
        var outcome = _cli.Run("diff", "-f", path);
        Assert.Equal((3, ""), (outcome.Exit, outcome.Out));
        Assert.Contains("DIR/twin.yaml:", outcome.Error, StringComparison.Ordinal);
        Assert.EndsWith("dataplane: 1 error with the daemon's state; nothing was done\n", outcome.Error,
            StringComparison.Ordinal);
    }

    private static ChangeResponse Rehearsed(params ChangedObject[] objects) => new(3, objects, []) { DryRun = true };

    [Fact]
    public void A_dry_run_of_apply_shows_the_flows()
    {
        _daemon.Says("POST /v1/apply", Rehearsed(new ChangedObject("NetworkPolicy", "x/web", "configured")) with
        {
            Cut = [new CutFlow("x/other", "x/web", "TCP", 45250, 22, "IPv4")],
        }, ApiJson.Default.ChangeResponse);
        var path = _cli.File("allow.yaml",
            Allow.Replace("podSelector: {}", "podSelector: { matchLabels: { app: ops } }", StringComparison.Ordinal));
        var outcome = _cli.Run("apply", "--dry-run", "-f", path);
        Assert.Equal((0, """
            networkpolicy/x/web configured (dry run)
            would cut: x/other:45250 -> x/web TCP 22
            would close: x/client -> x/web TCP 80
            would open: pods app=ops of x -> x/web TCP 80

            """), (outcome.Exit, outcome.Out));
        var json = _cli.Run("apply", "--dry-run", "-f", path, "-o", "json").Json;
        Assert.Equal("3 45250 x/client TCP 80 pods app=ops of x",
            $"{json["generation"]} {json["cut"]![0]!["sourcePort"]} {json["flows"]!["closed"]![0]!["from"]} "
                + $"{json["flows"]!["closed"]![0]!["ports"]} {json["flows"]!["exposure"]!["opened"]![0]!["from"]}");
    }

    [Fact]
    public void A_dry_run_that_changes_no_flow_says_so()
    {
        _daemon.Says("POST /v1/apply", Rehearsed(), ApiJson.Default.ChangeResponse);
        var outcome = _cli.Run("apply", "--dry-run", "-f", _cli.File("policy.yaml", Cli.Policy));
        Assert.Equal((0, "", "nothing to change\nno flow would open or close\n"),
            (outcome.Exit, outcome.Out, outcome.Error));
    }

    /// <summary>The daemon says what a prune deletes.</summary>
    [Fact]
    public void A_dry_run_of_what_deletes()
    {
        var answer = Rehearsed(new ChangedObject("NetworkPolicy", "x/web", "deleted"));
        _daemon.Says("POST /v1/apply", answer, ApiJson.Default.ChangeResponse);
        _daemon.Says("POST /v1/delete", answer, ApiJson.Default.ChangeResponse);
        const string Opened = "would open: 0.0.0.0/0, ::/0 -> x/web all\n";
        Assert.Contains(Opened,
            _cli.Run("apply", "--prune", "--dry-run", "-f", _cli.File("pods.yaml", Cli.Pods)).Out,
            StringComparison.Ordinal);
        Assert.Contains(Opened, _cli.Run("delete", "netpol", "x/web", "--dry-run").Out, StringComparison.Ordinal);
    }
}
