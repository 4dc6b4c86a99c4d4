using Dataplane.Cli.Diagnostics;

namespace Dataplane.Cli.Tests;

/// <summary>What is said about manifests beside errors: a summary, each with -v, nothing with -q.</summary>
public sealed class RemarkTests : IDisposable
{
    private const string Skipped = """
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: NAME, namespace: x }

        """;

    private const string Workloads = """
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: i, namespace: x }
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: d, namespace: x }
        spec:
          replicas: 3
          selector: { matchLabels: { app: d } }
          template:
            metadata: { labels: { app: d } }
            spec: { containers: [{ name: c, image: i }] }
        ---
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: { name: e, namespace: x }
        spec:
          selector: { matchLabels: { app: e } }
          template:
            metadata: { labels: { app: e } }
            spec: { containers: [{ name: c, image: i }] }

        """;

    private const string Summary = "skipped: 2 ConfigMap, 1 Ingress; 2 workloads count as 4 pods (-v shows each)\n";

    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    /// <summary>Two ConfigMaps, an Ingress, and two workloads of four pods, beside the example.</summary>
    private string Many()
    {
        var path = _cli.Example();
        var maps = ((string[])["a", "b"]).Select(n => Skipped.Replace("NAME", n, StringComparison.Ordinal));
        _cli.File("more.yaml", string.Concat(maps) + Workloads);
        return path;
    }

    [Theory]
    [InlineData("matrix -o csv -f")]
    [InlineData("why x/client x/web -f")]
    [InlineData("validate")]
    [InlineData("validate -o sarif")]
    [InlineData("validate -o github")]
    [InlineData("rules -f")]
    public void Skipped_kinds_and_workloads_are_one_line(string line)
    {
        var outcome = _cli.Run([.. line.Split(' '), Many()]);
        Assert.Equal((0, Summary), (outcome.Exit, outcome.Error));
        Assert.DoesNotContain("K020", outcome.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("matrix -o csv -v -f", false)]
    [InlineData("diff --against DIR --verbose", false)]
    [InlineData("validate -v", true)]
    [InlineData("validate -v -o sarif", true)]
    [InlineData("validate -v -o github", true)]
    [InlineData("validate -o json", true)]
    public void Each_is_told_with_v(string line, bool onOutput)
    {
        var path = Many();
        var outcome = _cli.Run([.. line.Split(' ').Select(w => w == "DIR" ? _cli.File("p.yaml", Cli.Pods) : w), path]);
        var text = onOutput ? outcome.Out : outcome.Error;
        Assert.True(text.Split("K020").Length > 3 && text.Split("K031").Length > 2, text);
        Assert.DoesNotContain("(-v shows each)", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void One_of_each()
    {
        var path = _cli.File("a.yaml", Cli.Pods + Skipped + "---\n" + Workloads.Split("---\n")[3]);
        Assert.Equal(
            "skipped: 1 ConfigMap; 1 workload counts as 1 pod (-v shows each)\n", _cli.Run("matrix", "-f", path).Error);
    }

    [Theory]
    [InlineData("matrix -q -f")]
    [InlineData("why x/client x/web --quiet -f")]
    public void Nothing_is_said_with_q(string line) => Assert.Equal("", _cli.Run([.. line.Split(' '), Many()]).Error);

    [Fact]
    public void Validate_says_nothing_of_what_is_well() =>
        Assert.Equal(new Outcome(0, "", ""), _cli.Run("validate", "-q", Many()));

    [Fact]
    public void Quiet_errors_are_still_errors()
    {
        var outcome = _cli.Run("matrix", "-q", "-f", _cli.File("a.yaml", Cli.Pods + "---\napiVersion: v1\nkind: Pd\n"));
        Assert.Equal(3, outcome.Exit);
        Assert.StartsWith("error[K022]: ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Either_v_or_q() => _cli.Run("matrix", "-q", "-v", "-f", "a")
        .ShouldFail(2, "dataplane: either -v or -q", "see dataplane matrix --help");

    [Theory]
    [InlineData("K020,K031", "")]
    [InlineData("K031", "skipped: 2 ConfigMap, 1 Ingress (-v shows each)\n")]
    [InlineData("k020", "2 workloads count as 4 pods (-v shows each)\n")]
    public void Every_code_can_be_ignored(string codes, string left)
    {
        var path = Many();
        Assert.Equal(left, _cli.Run("matrix", "-o", "csv", "--ignore", codes, "-f", path).Error);
        var told = _cli.Run("validate", "-v", "--ignore", codes, path).Out;
        foreach (var code in codes.ToUpperInvariant().Split(','))
            Assert.DoesNotContain(code, told, StringComparison.Ordinal);
    }

    [Fact]
    public void Warnings_of_loading_too()
    {
        var path = _cli.File("w.yaml", Cli.Policy.Replace(
            "    - from: [{ podSelector: { matchLabels: { app: client } } }]\n      ports: [{ port: 80 }]",
            "    - ",
            StringComparison.Ordinal));
        Assert.Equal(1, _cli.Run("validate", "--strict", path).Exit);
        Assert.Equal(0, _cli.Run("validate", "--strict", "--ignore", "K023", path).Exit);
    }

    [Fact]
    public void An_error_is_never_ignored()
    {
        var path = _cli.File("a.yaml", Cli.Policy.Replace("ingress:", "ingres:", StringComparison.Ordinal));
        var outcome = _cli.Run("validate", "--ignore", "K001", path);
        Assert.Equal(1, outcome.Exit);
        Assert.Equal("--ignore K001: it is an error here, and errors are not left out\n", outcome.Error);
        Assert.Contains("error[K001]", outcome.Out, StringComparison.Ordinal);
        var matrix = _cli.Run("matrix", "--ignore", "K001", "-f", path);
        Assert.Equal(3, matrix.Exit);
        Assert.Contains("error[K001]", matrix.Error, StringComparison.Ordinal);
        Assert.Contains("--ignore K001: it is an error here", matrix.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("S999", "no diagnostic has this code")]
    [InlineData("K0011", "no diagnostic has this code; did you mean K001?")]
    public void A_code_that_is_not_there(string code, string said) => _cli.Run("validate", "--ignore", code, "p")
        .ShouldFail(2, $"dataplane: --ignore {code}: {said}", "see dataplane validate --help");

    [Fact]
    public void Every_documented_code_is_known() => Assert.Equal(
        File.ReadLines(SourceTree.Full("docs/diagnostics.md"))
            .Where(l => l.StartsWith("### ", StringComparison.Ordinal))
            .Select(l => l.Split(' ')[1])
            .Order(StringComparer.Ordinal),
        KnownCodes.All);

    [Fact]
    public void What_the_daemon_adds_is_summed_up_no_second_time()
    {
        using var daemon = new CannedDaemon(_cli.Socket).Says(
            "POST /v1/apply", new Api.ChangeResponse(8, [], []), Api.ApiJson.Default.ChangeResponse)
            .Says("GET /v1/state", new Api.StateResponse(8, "10.244.0.0/16", "fd00:10:244::/64", [], []),
                Api.ApiJson.Default.StateResponse);
        Assert.Equal(Summary + "nothing to change\n", _cli.Run("apply", Many()).Error);
    }
}
