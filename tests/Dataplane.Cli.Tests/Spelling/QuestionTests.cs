namespace Dataplane.Cli.Tests;

/// <summary>Pods and namespaces that exist only in the question.</summary>
public sealed class QuestionTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    private const string Proxy = "edge/{app=proxy}";

    /// <summary>x/web lets in proxies of namespaces with team=edge, and nobody else.</summary>
    private string Edge(string more = "")
    {
        _cli.File("policy.yaml", """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: { name: web, namespace: x }
            spec:
              podSelector: { matchLabels: { app: web } }
              ingress:
                - from:
                    - namespaceSelector: { matchLabels: { team: edge } }
                      podSelector: { matchLabels: { app: proxy } }

            """ + more);
        return Path.GetDirectoryName(_cli.File("pods.yaml", Cli.Pods))!;
    }

    [Fact]
    public void Why_of_a_pod_that_is_not_loaded()
    {
        var denied = _cli.Run("why", Proxy, "x/web", "--expect", "deny", "-f", Edge());
        Assert.Equal((0, "note: namespace edge is not loaded: it counts with its name as its only label; "
            + "--assume-namespace edge:k=v gives it others\n"), (denied.Exit, denied.Error));
        var allowed = _cli.Run("why", Proxy, "x/web", "--assume-namespace", "edge:team=edge", "-f", Edge());
        Assert.Equal((0, ""), (allowed.Exit, allowed.Error));
        Assert.StartsWith("""
            ALLOWED   edge/{app=proxy} → x/web   TCP 80 · IPv4 and IPv6

            1. leaving edge/{app=proxy}   ALLOWED   no policy isolates it for egress
            """, allowed.Out, StringComparison.Ordinal);
        var json = _cli.Run("why", Proxy, "x/web", "--assume-namespace", "edge:team=edge", "-o", "json", "-f", Edge());
        Assert.Equal("edge/{app=proxy} allowed", $"{json.Json["from"]} {json.Json["verdict"]}");
        Assert.Equal("", _cli.Run("why", Proxy, "x/web", "-q", "-f", Edge()).Error);
    }

    [Fact]
    public void Why_of_a_namespace_that_only_its_objects_name()
    {
        var path = Edge("""
            ---
            apiVersion: v1
            kind: Pod
            metadata: { name: proxy, namespace: edge, labels: { app: proxy } }
            spec: { containers: [{ name: c, image: i }] }

            """);
        Assert.Equal(0, _cli.Run("why", "edge/proxy", "x/web", "--expect", "deny", "-f", path).Exit);
        Assert.Equal(0, _cli.Run("why", "edge/proxy", "x/web", "--expect", "allow", "--assume-namespace",
            "edge:team=edge", "-f", path).Exit);
    }

    [Fact]
    public void An_answer_that_hangs_on_the_address_is_seen_to_differ()
    {
        var path = Edge("""
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: { name: block, namespace: x }
            spec:
              podSelector: { matchLabels: { app: web } }
              ingress: [{ from: [{ ipBlock: { cidr: 10.244.3.0/24 } }] }]

            """);
        var outcome = _cli.Run("why", "x/{app=z}", "x/web", "--expect", "allow", "--family", "4", "-f", path);
        Assert.Equal(1, outcome.Exit);
        Assert.StartsWith("""
            x/{app=z} → x/web   TCP 80: the pods do not agree
               DENIED  x/{app=z}@10.244.0.5 → x/web   IPv4
               ALLOWED  x/{app=z}@10.244.3.0 → x/web   IPv4

            """, outcome.Out, StringComparison.Ordinal);
        Assert.Contains("note: x/{app=z}: an ipBlock is judged for every address of 10.244.0.0/16 and "
            + "fd00:10:244::/64\n", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Matrix_has_a_row_and_a_column_for_it()
    {
        var outcome = _cli.Run("matrix", "--external", Proxy, "--external", "192.0.2.1", "--assume-namespace",
            "edge:team=edge", "--probe", "80", "-o", "csv", "-f", Edge());
        Assert.Equal((0, ""), (outcome.Exit, outcome.Error));
        var lines = outcome.Out.Split('\n');
        Assert.Contains("TCP,80,IPv4,edge/{app=proxy},x/web,allowed", lines);
        Assert.Contains("TCP,80,IPv4,x/web,edge/{app=proxy},allowed", lines);
        Assert.Contains("TCP,80,IPv4,x/client,x/web,denied", lines);
        Assert.Contains("TCP,80,IPv4,192.0.2.1,x/web,denied", lines);
    }

    [Fact]
    public void Assertions_of_pods_that_are_not_loaded()
    {
        var path = Edge();
        _cli.File("expect.yaml", """
            expect:
              - { from: "edge/{app=proxy}", to: x/web, port: 80, want: allow }
              - { from: "other/{app=proxy}", to: x/web, port: 80, want: deny }

            """);
        var outcome = _cli.Run("test", "-q", "--assume-namespace", "edge:team=edge", path);
        Assert.Equal((0, ""), (outcome.Exit, outcome.Error));
        Assert.Contains("2 passed, 0 failed", outcome.Out, StringComparison.Ordinal);
        Assert.Equal(1, _cli.Run("test", path).Exit);
        using var root = new Cli { IsRoot = true };
        root.Run("test", "-q", "--packets", path).ShouldFail(2,
            $"dataplane: --packets: {path}/expect.yaml names a pod that is not loaded: no packet can be sent from it "
                + "or to it");
    }

    [Theory]
    [InlineData("--assume-namespace edge", "dataplane: --assume-namespace edge: write NAME:k=v,k2=v2")]
    [InlineData("--assume-namespace a:b=c --assume-namespace a:b=d",
        "dataplane: --assume-namespace a:b=d: a is given twice")]
    public void A_wrong_namespace_is_a_wrong_command_line(string options, string error) =>
        _cli.Run(["why", Proxy, "x/web", .. options.Split(' '), "-f", Edge()])
            .ShouldFail(2, error, "see dataplane why --help");

    [Fact]
    public void A_loaded_namespace_has_its_own_labels()
    {
        var path = Edge("""
            ---
            apiVersion: v1
            kind: Namespace
            metadata: { name: edge, labels: { team: other } }

            """);
        _cli.Run("why", Proxy, "x/web", "--assume-namespace", "edge:team=edge", "-f", path).ShouldFail(2,
            "dataplane: --assume-namespace: namespace edge is loaded, and has no label team=edge (DIR/policy.yaml:11)");
        Assert.Equal(0, _cli.Run("why", Proxy, "x/web", "--assume-namespace", "edge:team=other", "-f", path).Exit);
    }

    [Fact]
    public void Packets_need_a_pod_that_is_there()
    {
        using var root = new Cli { IsRoot = true };
        root.Run("verify", "--external", Proxy, "-f", Edge()).ShouldFail(2,
            "dataplane: --external edge/{app=proxy}: no packet can be sent from a pod that is not there");
    }
}
