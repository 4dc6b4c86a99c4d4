using Dataplane.Api;

namespace Dataplane.Cli.Tests;

/// <summary>Names of workloads where a pod is asked for.</summary>
public sealed class WorkloadTests : IDisposable
{
    private readonly Cli _cli = new() { IsRoot = true };

    public void Dispose() => _cli.Dispose();

    /// <summary>shop/web and shop/db of two pods each; shop/db-1 lets nobody in, shop/db-0 everybody.</summary>
    private string Shop()
    {
        _cli.File("policy.yaml", """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: { name: second, namespace: shop }
            spec: { podSelector: { matchLabels: { apps.kubernetes.io/pod-index: "1" } } }

            """);
        return Path.GetDirectoryName(_cli.File("shop.yaml", """
            apiVersion: apps/v1
            kind: Deployment
            metadata: { name: web, namespace: shop }
            spec:
              replicas: 2
              selector: { matchLabels: { app: web } }
              template:
                metadata: { labels: { app: web } }
                spec: { containers: [{ name: c, image: i, ports: [{ containerPort: 80 }] }] }
            ---
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: { name: db, namespace: shop }
            spec:
              replicas: 2
              serviceName: db
              selector: { matchLabels: { app: db } }
              template:
                metadata: { labels: { app: db } }
                spec: { containers: [{ name: c, image: i, ports: [{ containerPort: 5432 }] }] }

            """))!;
    }

    [Fact]
    public void Why_answers_once_for_pods_that_agree()
    {
        var outcome = _cli.Run("why", "shop/db", "shop/web", "-q", "-f", Shop());
        Assert.Equal((0, ""), (outcome.Exit, outcome.Error));
        Assert.Equal("""
            ALLOWED   shop/db → shop/web   TCP 80 · IPv4 and IPv6
            the same for 4 pairs; here: shop/db-0 → shop/web-0

            1. leaving shop/db-0   ALLOWED   no policy isolates it for egress
            2. entering shop/web-0   ALLOWED   no policy isolates it for ingress

            """, outcome.Out);
        var json = _cli.Run("why", "db", "web", "-n", "shop", "-q", "-o", "json", "-f", Shop()).Json;
        Assert.Equal("shop/db shop/web allowed 4", $"{json["from"]} {json["to"]} {json["verdict"]} "
            + $"{json["pairs"]!.AsArray().Count}");
    }

    [Fact]
    public void Why_lists_how_pods_differ()
    {
        var outcome = _cli.Run("why", "shop/web", "shop/db", "--port", "80", "-q", "-f", Shop());
        Assert.Equal((0, ""), (outcome.Exit, outcome.Error));
        Assert.Equal("""
            shop/web → shop/db   TCP 80: the pods do not agree
               ALLOWED  shop/web-0 → shop/db-0   IPv4 and IPv6
               ALLOWED  shop/web-1 → shop/db-0   IPv4 and IPv6
               DENIED  shop/web-0 → shop/db-1   IPv4 and IPv6
               DENIED  shop/web-1 → shop/db-1   IPv4 and IPv6

            ALLOWED   shop/web-0 → shop/db-0   TCP 80 · IPv4 and IPv6
            the same for 2 pairs; here: shop/web-0 → shop/db-0

            1. leaving shop/web-0   ALLOWED   no policy isolates it for egress
            2. entering shop/db-0   ALLOWED   no policy isolates it for ingress

            DENIED   shop/web-0 → shop/db-1   TCP 80 · IPv4 and IPv6
            the same for 2 pairs; here: shop/web-0 → shop/db-1

            1. leaving shop/web-0   ALLOWED   no policy isolates it for egress
            2. entering shop/db-1   DENIED   isolated by 1 policy, no rule allows it
               shop/second  DIR/policy.yaml:1  selects shop/db-1, has no ingress rule

            """, outcome.Out);
        foreach (var expected in (string[])["allow", "deny"])
        {
            var judged = _cli.Run("why", "shop/web", "shop/db", "--expect", expected, "-q", "-f", Shop());
            Assert.Equal(1, judged.Exit);
            Assert.Contains("from shop/web-0 to shop/db-", judged.Error, StringComparison.Ordinal);
        }
        var json = _cli.Run("why", "shop/web", "shop/db", "-q", "-o", "json", "-f", Shop()).Json.AsArray();
        Assert.Equal(["shop/db-0 allowed 2", "shop/db-1 denied 2"],
            json.Select(a => $"{a!["to"]} {a["verdict"]} {a["pairs"]!.AsArray().Count}"));
    }

    [Fact]
    public void A_workload_with_itself_leaves_out_each_pod_with_itself() =>
        Assert.Equal(["shop/db-1 → shop/db-0 allowed", "shop/db-0 → shop/db-1 denied"],
            _cli.Run("why", "shop/db", "shop/db", "-q", "-o", "json", "-f", Shop()).Json.AsArray()
                .Select(a => $"{a!["from"]} → {a["to"]} {a["verdict"]}").OrderDescending());

    [Fact]
    public void Assertions_take_workloads_and_bare_ports()
    {
        var path = Shop();
        _cli.File("expect.yaml", """
            expect:
              - { from: shop/db, to: shop/web, port: "80", want: allow }
              - { from: shop/web, to: shop/db, port: 5432, want: deny }

            """);
        var outcome = _cli.Run("test", "-q", path);
        Assert.Equal((1, ""), (outcome.Exit, outcome.Error));
        Assert.Contains("✗ shop/web-0 -> shop/db-0 TCP 5432   want DENIED   got ALLOWED", outcome.Out,
            StringComparison.Ordinal);
        Assert.Contains("not all pods of shop/web -> shop/db TCP 5432 agree; shop/db-0: no policy isolates it",
            outcome.Out, StringComparison.Ordinal);
        Assert.Contains("3 passed, 2 failed", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Bare_ports_are_TCP()
    {
        var matrix = _cli.Run("matrix", "--probe", "80", "--probe", "53/udp", "-q", "-o", "json", "-f", Shop()).Json;
        Assert.Equal(["TCP 80", "UDP 53"],
            matrix["probes"]!.AsArray().Select(p => $"{p!["protocol"]} {p["port"]}").Distinct());
        _cli.Run("why", "shop/web", "shop/db", "-p", "0", "-f", Shop()).ShouldFail(2,
            "dataplane: --port \"0\": a port is a number from 1 to 65535", "see dataplane why --help");
    }

    private CannedDaemon Daemon()
    {
        PodEntry[] pods =
        [
            new("shop/web-1", null, null) { Workload = "web", Netns = "dataplane-cli-test-never" },
            new("shop/web-0", null, null) { Workload = "web", Netns = "dataplane-cli-test-never" },
            new("shop/db", null, null) { Netns = "dataplane-cli-test-never" },
        ];
        return new CannedDaemon(_cli.Socket).Says(
            "GET /v1/pods", new PodsResponse("n", "dp0", "", "", pods), ApiJson.Default.PodsResponse);
    }

    [Fact]
    public void Exec_takes_the_first_pod_of_a_workload_and_says_so()
    {
        using var daemon = Daemon();
        _cli.Variables["PATH"] = "/usr/bin:/bin";
        var outcome = _cli.Run("exec", "web", "-n", "shop", "--", "true");
        Assert.StartsWith("note: shop/web is a workload; this is its first pod, shop/web-0\n", outcome.Error,
            StringComparison.Ordinal);
        Assert.Contains("shop/web-0 has no network namespace", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("workload", _cli.Run("exec", "shop/web-1", "--", "true").Error,
            StringComparison.Ordinal);
        _cli.Run("exec", "shop/wbe", "--", "true").ShouldFail(1, "dataplane: no pod shop/wbe; did you mean shop/web?");
    }

    [Fact]
    public void Capture_takes_the_first_pod_of_a_workload_and_says_so()
    {
        using var daemon = Daemon();
        daemon.Says("GET /v1/capture?pod=shop%2Fweb-0", []);
        var outcome = _cli.Run("capture", "shop/web");
        Assert.Equal((0, "note: shop/web is a workload; this is its first pod, shop/web-0\n0 packets\n"),
            (outcome.Exit, outcome.Error));
    }

    [Fact]
    public void Trace_says_which_pod_it_took()
    {
        using var daemon = new CannedDaemon(_cli.Socket).Says(
            "POST /v1/trace",
            new TraceResponse("shop/web-0", "shop/db", "TCP", 80, "IPv4", "allowed", "captured", []),
            ApiJson.Default.TraceResponse);
        Assert.Equal("note: shop/web is a workload; this is its first pod, shop/web-0\n",
            _cli.Run("trace", "shop/web", "shop/db", "-p", "80").Error);
        Assert.Equal("""{"from":"shop/web","to":"shop/db","port":"TCP:80"}""", daemon.OnlyBody.GetRawText());
        Assert.Equal("", _cli.Run("trace", "shop/web-0", "10.244.0.3").Error);
    }
}
