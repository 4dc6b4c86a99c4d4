using System.Xml.Linq;
using Dataplane.Api;

namespace Dataplane.Cli.Tests;

/// <summary><c>verify</c>, <c>test</c> and <c>matrix</c> of manifests in which there is nothing to check.</summary>
public sealed class NothingToCheckTests : IDisposable
{
    private const string Lone = """
        apiVersion: v1
        kind: Pod
        metadata: { name: lone, namespace: x }
        spec: { containers: [{ name: c, image: i }] }

        """;

    private readonly Cli _cli = new() { IsRoot = true };

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Verify_without_pods_fails_and_makes_no_node()
    {
        var policy = _cli.File("policy.yaml", Cli.Policy);
        var outcome = _cli.Run("verify", "-f", policy);
        Assert.Equal((1, "note: no pods in the manifests\nnothing to check: the manifests have no pods; "
            + "--allow-empty accepts that\n"), (outcome.Exit, outcome.Error));
        Assert.Contains("0 flows", outcome.Out, StringComparison.Ordinal);
        Assert.Equal(0, _cli.Run("verify", "--allow-empty", "-f", policy).Exit);
    }

    [Fact]
    public void Verify_of_a_family_that_no_pod_has_fails()
    {
        var pods = _cli.File("pods.yaml", Lone + "status: { podIP: 10.244.0.9 }\n");
        var outcome = _cli.Run("verify", "--family", "6", "-f", pods, "-o", "json");
        Assert.Equal((1, "nothing to check: no pod has an IPv6 address; --allow-empty accepts that\n"),
            (outcome.Exit, outcome.Error));
        Assert.Equal("0", outcome.Json["summary"]!["flows"]!.ToString());
    }

    [Fact]
    public void Verify_as_junit_has_a_failure()
    {
        var policy = _cli.File("policy.yaml", Cli.Policy);
        var suite = XDocument.Parse(_cli.Run("verify", "-f", policy, "-o", "junit").Out).Root!.Element("testsuite")!;
        Assert.Equal(("1", "1"), ((string)suite.Attribute("tests")!, (string)suite.Attribute("failures")!));
        Assert.Equal("nothing to check: the manifests have no pods",
            (string)suite.Element("testcase")!.Element("failure")!.Attribute("message")!);
        suite = XDocument.Parse(_cli.Run("verify", "--allow-empty", "-f", policy, "-o", "junit").Out)
            .Root!.Element("testsuite")!;
        Assert.Equal(("0", "0"), ((string)suite.Attribute("tests")!, (string)suite.Attribute("failures")!));
    }

    [Fact]
    public void Verify_of_a_daemon_without_pods_fails()
    {
        using var daemon = new CannedDaemon(_cli.Socket);
        daemon.Says("GET /v1/state", new StateResponse(0, "10.244.0.0/16", "fd00:10:244::/64", [], []),
            ApiJson.Default.StateResponse);
        daemon.Says("POST /v1/verify", new VerifyResponse(0, [], null, [], 0), ApiJson.Default.VerifyResponse);
        var outcome = _cli.Run("verify");
        Assert.Equal((1, "nothing to check: the daemon has no pods; --allow-empty accepts that\n"),
            (outcome.Exit, outcome.Error));
        Assert.Equal(0, _cli.Run("verify", "--allow-empty").Exit);
        var matrix = _cli.Run("matrix");
        Assert.Equal((0, "", "nothing to show: the daemon has no pods\n"), (matrix.Exit, matrix.Out, matrix.Error));
    }

    /// <summary>A control that failed says more than that nothing was checked.</summary>
    [Fact]
    public void A_control_that_failed_comes_first()
    {
        using var daemon = new CannedDaemon(_cli.Socket);
        daemon.Says("GET /v1/state", new StateResponse(0, "10.244.0.0/16", "fd00:10:244::/64", [], []),
            ApiJson.Default.StateResponse);
        daemon.Says("POST /v1/verify", new VerifyResponse(0, [], "it did not arrive", [], 0),
            ApiJson.Default.VerifyResponse);
        Assert.Equal(6, _cli.Run("verify", "--allow-empty").Exit);
    }

    [Fact]
    public void Test_without_a_pair_fails()
    {
        _cli.File("policy.yaml", Cli.Policy);
        var path = _cli.File("expect.yaml", "manifests: [policy.yaml]\ndefault: deny\n");
        var outcome = _cli.Run("test", path);
        Assert.Equal((1, """
            ✗ DIR/expect.yaml   nothing to check

            0 passed, 0 failed

            """), (outcome.Exit, outcome.Out));
        Assert.EndsWith("nothing to check: DIR/expect.yaml: it names no flow, and its manifests have no pair of pods; "
            + "--allow-empty accepts that\n", outcome.Error, StringComparison.Ordinal);
        outcome = _cli.Run("test", "--allow-empty", path);
        Assert.Equal((0, "– DIR/expect.yaml   nothing to check\n\n0 passed, 0 failed\n"), (outcome.Exit, outcome.Out));
    }

    /// <summary>One pod has no pair, and a list that is empty names no flow.</summary>
    [Theory]
    [InlineData("manifests: [pods.yaml]\ndefault: allow\n")]
    [InlineData("manifests: [pods.yaml]\nexpect: []\n")]
    public void Test_of_a_lone_pod_fails(string text)
    {
        _cli.File("pods.yaml", Lone);
        Assert.Equal(1, _cli.Run("test", _cli.File("expect.yaml", text)).Exit);
    }

    /// <summary>A file that has become empty among others that have not is found too.</summary>
    [Fact]
    public void One_empty_step_among_others_fails()
    {
        _cli.File("pods.yaml", Cli.Pods);
        _cli.File("policy.yaml", Cli.Policy);
        var path = _cli.File("expect.yaml", """
            steps:
              - name: pods
                manifests: [pods.yaml, policy.yaml]
                expect: [{ from: x/client, to: x/web, want: allow }]
              - { name: gone, manifests: [policy.yaml], default: deny }

            """);
        var outcome = _cli.Run("test", path, "-o", "json");
        Assert.Equal((1, "1", "0"), (outcome.Exit, $"{outcome.Json["passed"]}", $"{outcome.Json["failed"]}"));
        Assert.Equal("""["DIR/expect.yaml: gone"]""", outcome.Json["empty"]!.ToJsonString());
        Assert.Equal(0, _cli.Run("test", path, "--allow-empty").Exit);
        Assert.EndsWith("# DIR/expect.yaml: gone\nnot ok 2 - nothing to check\n",
            _cli.Run("test", path, "-o", "tap").Out, StringComparison.Ordinal);
        Assert.EndsWith("# DIR/expect.yaml: gone\nok 2 - nothing to check # SKIP --allow-empty\n",
            _cli.Run("test", path, "-o", "tap", "--allow-empty").Out, StringComparison.Ordinal);
        var suites = XDocument.Parse(_cli.Run("test", path, "-o", "junit").Out).Root!.Elements("testsuite").ToList();
        Assert.Equal(("1", "1"), ((string)suites[1].Attribute("tests")!, (string)suites[1].Attribute("failures")!));
    }

    [Theory]
    [InlineData("table")]
    [InlineData("md")]
    [InlineData("json")]
    [InlineData("csv")]
    public void Matrix_without_pods_answers_and_says_so(string format)
    {
        var outcome = _cli.Run("matrix", "-f", _cli.File("policy.yaml", Cli.Policy), "-o", format);
        Assert.Equal((0, "note: no pods in the manifests\nnothing to show: the manifests have no pods\n"),
            (outcome.Exit, outcome.Error));
    }

    [Fact]
    public void Matrix_of_a_family_that_no_pod_has_says_so()
    {
        var pods = _cli.File("pods.yaml", Lone + "status: { podIP: 10.244.0.9 }\n");
        var outcome = _cli.Run("matrix", "--family", "6", "-f", pods);
        Assert.Equal((0, "nothing to show: no pod has an IPv6 address\n"), (outcome.Exit, outcome.Error));
    }
}
