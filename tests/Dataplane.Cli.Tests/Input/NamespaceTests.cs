using Dataplane.Api;

namespace Dataplane.Cli.Tests;

/// <summary>-n NAMESPACE: of objects that have none, and of names that are given without one.</summary>
public sealed class NamespaceTests : IDisposable
{
    /// <summary>A chart as helm renders it: the policy names its namespace, the pods do not.</summary>
    private static readonly string Mixed = File.ReadAllText(
        SourceTree.Full("tests/Dataplane.Cli.Tests/Input/mixed-namespace.yaml"));

    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    private string Chart() => _cli.File("in.yaml", Mixed);

    /// <summary>The example, in no namespace.</summary>
    private string Bare() => _cli.File("bare.yaml", WithoutNamespace(Cli.Pods + "---\n" + Cli.Policy));

    private static string WithoutNamespace(string text) =>
        text.Replace(", namespace: x", "", StringComparison.Ordinal);

    [Fact]
    public void One_note_says_which_objects_have_none()
    {
        var outcome = _cli.Run("validate", Chart());
        Assert.Contains(
            "note[K050]: Deployment `rel-app` and Pod `rel-app-test-connection` name no namespace and are in "
                + "`default`, while others are in `shop`; -n shop puts them there  (DIR/in.yaml:23)\n",
            outcome.Out,
            StringComparison.Ordinal);
        Assert.Contains("2 namespaces, 2 pods", outcome.Out, StringComparison.Ordinal);
        foreach (var line in (string[][])[["-n", "shop", Chart()], [Bare()], [_cli.File("p.yaml", Cli.Pods)]])
        {
            Assert.DoesNotContain("K050", _cli.Run(["validate", .. line]).Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Validate_reads_the_objects_in_it()
    {
        var outcome = _cli.Run("validate", "-n", "shop", Chart());
        Assert.EndsWith("1 namespace, 2 pods, 1 policy\n", outcome.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("S015", outcome.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("matrix -o csv --probe TCP:8080 --family 4 -f FILE",
        "TCP,8080,IPv4,shop/rel-app-test-connection,shop/rel-app-0,denied\n")]
    [InlineData("matrix -o csv --probe TCP:8080 --family 4 FILE",
        "shop/rel-app-test-connection,shop/rel-app-0,denied\n")]
    [InlineData("why rel-app-test-connection rel-app-0 -o json -f FILE", "\"to\": \"shop/rel-app-0\"")]
    [InlineData("why rel-app-test-connection rel-app-0 --expect deny -f FILE", "DENIED")]
    [InlineData("rules -f FILE", "shop/rel-app-0")]
    public void Commands_of_manifests(string line, string expected)
    {
        var words = line.Split(' ').Select(w => w == "FILE" ? Chart() : w);
        var outcome = _cli.Run([.. words, "-n", "shop", "-q"]);
        Assert.Equal((0, ""), (outcome.Exit, outcome.Error));
        Assert.Contains(expected, outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_sides_of_a_diff()
    {
        var pods = _cli.File("pods.yaml", WithoutNamespace(Cli.Pods));
        var outcome = _cli.Run("diff", "-n", "y", "-f", Bare(), "--against", pods);
        Assert.Equal((1, ""), (outcome.Exit, outcome.Error));
        Assert.Contains("+  NetworkPolicy  y/web", outcome.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("default", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Assertion_files()
    {
        Bare();
        var file = _cli.File("expect.yaml", "manifests: [bare.yaml]\nexpect:\n"
            + "  - {from: client, to: web, port: 80, want: allow}\n"
            + "  - {from: y/other, to: web, port: 80, want: deny}\n");
        var outcome = _cli.Run("test", "-n", "y", file, "-o", "json");
        Assert.Equal((0, ""), (outcome.Exit, outcome.Error));
        Assert.Equal("y/client -> y/web TCP 80", outcome.Json["results"]![0]!["name"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("apply")]
    [InlineData("delete")]
    public void A_change_takes_it_to_the_daemon(string command)
    {
        using var daemon = new CannedDaemon(_cli.Socket)
            .Says($"POST /v1/{command}", new ChangeResponse(8, [], []), ApiJson.Default.ChangeResponse);
        Assert.Equal(0, _cli.Run(command, "-f", Chart(), "-n", "shop").Exit);
        Assert.Equal("shop", daemon.OnlyBody.GetProperty("files")[0].GetProperty("namespace").GetString());
    }

    [Theory]
    [InlineData("apply")]
    [InlineData("delete")]
    public void A_change_of_an_object_of_another_namespace_is_refused_as_kubectl_does(string command)
    {
        using var daemon = new CannedDaemon(_cli.Socket);
        var outcome = _cli.Run(command, "-f", Chart(), "-n", "prod");
        Assert.Equal((3, ""), (outcome.Exit, outcome.Out));
        Assert.StartsWith("""
            error[K051]: NetworkPolicy `shop/rel-app` is not of namespace `prod`, which -n names
             --> DIR/in.yaml:3:1
            """, outcome.Error.Replace("skipped", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("help: leave out -n, or write -n shop", outcome.Error, StringComparison.Ordinal);
        Assert.Single(outcome.Error.Split('\n'), l => l.StartsWith("error", StringComparison.Ordinal));
        Assert.Empty(daemon.Asked);
    }

    [Fact]
    public void Names_of_the_daemons_pods()
    {
        using var daemon = new CannedDaemon(_cli.Socket)
            .Says("POST /v1/trace", [], status: "404 Not Found")
            .Says("GET /v1/flows?follow=0&last=20&namespace=shop", ""u8.ToArray())
            .Says("GET /v1/flows?follow=0&last=20&pod=shop%2Fdb", ""u8.ToArray());
        _cli.Run("trace", "front", "10.0.0.9", "-n", "shop");
        Assert.Equal("""{"from":"shop/front","to":"10.0.0.9","port":"TCP:80"}""", daemon.Asked[0].Body);
        _cli.Run("trace", "node", "x/b", "-n", "shop");
        Assert.Equal("""{"from":"node","to":"x/b","port":"TCP:80"}""", daemon.Asked[1].Body);
        Assert.Equal(0, _cli.Run("flows", "-n", "shop").Exit);
        Assert.Equal(0, _cli.Run("flows", "-n", "shop", "--pod", "db").Exit);
    }

    [Fact]
    public void What_was_applied_with_it_stays_in_it()
    {
        using var daemon = new CannedDaemon(_cli.Socket);
        var policy = WithoutNamespace(Cli.Policy);
        var entry = new ObjectEntry("NetworkPolicy", "y/web", "p.yaml", 1, "apply", policy) { Namespace = "y" };
        var state = new StateResponse(3, "10.244.0.0/16", "fd00:10:244::/64",
            [new ManifestFile("a.yaml", File.ReadAllText(Bare())) { Namespace = "y" }], []);
        daemon.Says("GET /v1/state", state, ApiJson.Default.StateResponse).Says("GET /v1/objects?kind=NetworkPolicy",
            new ObjectsResponse(3, [entry]), ApiJson.Default.ObjectsResponse);
        Says("app=web", "get netpol -n y");
        Says("# applied with -n y", "get netpol -A -o yaml");
        Says("y/web", "matrix -o csv");
        Says("NetworkPolicy y/web", "describe netpol web -n y");
        Assert.Equal(0, _cli.Run("why", "other", "web", "-n", "y", "--expect", "deny").Exit);

        void Says(string expected, string line) =>
            Assert.Contains(expected, _cli.Run(line.Split(' ')).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("matrix -n x/y -f a", "--namespace x/y: ")]
    [InlineData("get pods -n Shop", "--namespace Shop: ")]
    public void No_name_of_a_namespace(string line, string said) => Assert.StartsWith(
        $"dataplane: {said}", _cli.Run(line.Split(' ')).Error, StringComparison.Ordinal);
}
