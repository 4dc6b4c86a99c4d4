using Dataplane.Api;

namespace Dataplane.Cli.Tests;

/// <summary>Rows and columns of a matrix that are asked for: --from, --to, -n and -l.</summary>
public sealed class MatrixSelectionTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    private Outcome Csv(params string[] more) => _cli.Run(["matrix", "-q", "-o", "csv", "--family", "4", "--probe",
        "TCP:5432", "-f", _cli.File("shop.yaml", Shop.Text), .. more]);

    [Theory]
    [InlineData("--from ops/intruder --to shop/postgres-0", "ops/intruder,shop/postgres-0,denied")]
    [InlineData("--from shop/api --to shop/postgres",
        "shop/api-0,shop/postgres-0,allowed|shop/api-1,shop/postgres-0,allowed")]
    [InlineData("-n shop --from debug --to api", "shop/debug,shop/api-0,allowed|shop/debug,shop/api-1,allowed")]
    [InlineData("-n ops", "ops/intruder,ops/intruder,allowed")]
    [InlineData("-n ops --to shop/postgres", "ops/intruder,shop/postgres-0,denied")]
    [InlineData("-l app=postgres", "shop/postgres-0,shop/postgres-0,allowed")]
    [InlineData("-l app=postgres --from 192.0.2.7", "192.0.2.7,shop/postgres-0,denied")]
    [InlineData("-l app=postgres --from 192.0.2.7 --from node",
        "192.0.2.7,shop/postgres-0,denied|node,shop/postgres-0,allowed")]
    [InlineData("--from ops/intruder --to 192.0.2.0/31",
        "ops/intruder,192.0.2.0,allowed|ops/intruder,192.0.2.1,allowed")]
    public void Only_what_is_asked_for(string line, string flows)
    {
        var outcome = Csv(line.Split(' '));
        Assert.Equal((0, ""), (outcome.Exit, outcome.Error));
        Assert.Equal(["protocol,port,family,from,to,verdict", .. flows.Split('|').Select(f => $"TCP,5432,IPv4,{f}")],
            outcome.Out.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void Json_has_the_same_rows_and_columns()
    {
        var matrix = _cli.Run("matrix", "-q", "-o", "json", "--probe", "TCP:5432", "--to", "shop/postgres", "-n",
            "shop", "-f", _cli.File("shop.yaml", Shop.Text)).Json["probes"]![0]!["matrix"]!.AsObject();
        Assert.Equal(7, matrix.Count);
        Assert.All(matrix, row => Assert.Equal(["shop/postgres-0"], row.Value!.AsObject().Select(c => c.Key)));
    }

    [Theory]
    [InlineData("--to shop/postgress",
        "--to shop/postgress: no pod \"shop/postgress\"; did you mean \"shop/postgres\"?")]
    [InlineData("--from 10.0.0.300",
        "--from 10.0.0.300: no pod \"10.0.0.300\"; write namespace/pod or namespace/workload, an address, or node")]
    [InlineData("-n shpo", "no pod in namespace shpo")]
    [InlineData("-n ops -l app=web", "no pod in namespace ops has the labels of --selector")]
    [InlineData("-l app=wbe", "no pod has the labels of --selector")]
    public void What_means_nothing_is_an_error(string line, string error) =>
        Csv(line.Split(' ')).ShouldFail(2, $"dataplane: {error}");

    [Fact]
    public void Pods_of_the_daemon()
    {
        using var daemon = new CannedDaemon(_cli.Socket);
        var state = new StateResponse(3, "10.244.0.0/16", "fd00:10:244::/64",
            [new ManifestFile("a.yaml", Shop.Text)], []);
        daemon.Says("GET /v1/state", state, ApiJson.Default.StateResponse);
        var outcome = _cli.Run("matrix", "-o", "csv", "--family", "4", "--probe", "TCP:5432", "-n", "ops");
        Assert.Equal("protocol,port,family,from,to,verdict\nTCP,5432,IPv4,ops/intruder,ops/intruder,allowed\n",
            outcome.Out);
    }
}
