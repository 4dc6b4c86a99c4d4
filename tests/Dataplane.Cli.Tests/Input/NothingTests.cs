using Dataplane.Api;

namespace Dataplane.Cli.Tests;

/// <summary>Input of which nothing is left: only kinds that are skipped, an empty list, a URL.</summary>
public sealed class NothingTests : IDisposable
{
    private const string Skipped = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: s, namespace: x }\n";
    private const string EmptyList = "apiVersion: v1\nkind: List\nitems: []\n";

    private readonly Cli _cli = new();
    private readonly CannedDaemon _daemon;

    public NothingTests()
    {
        _daemon = new CannedDaemon(_cli.Socket);
        foreach (var command in (string[])["apply", "delete"])
            _daemon.Says($"POST /v1/{command}", new ChangeResponse(8, [], []), ApiJson.Default.ChangeResponse);
    }

    public void Dispose()
    {
        _daemon.Dispose();
        _cli.Dispose();
    }

    [Theory]
    [InlineData("apply")]
    [InlineData("delete")]
    public void Only_what_is_skipped(string command)
    {
        var outcome = _cli.Run(command, "-f", _cli.File("s.yaml", Skipped));
        Assert.Equal(
            new Outcome(0, "", "skipped: 1 ConfigMap (-v shows each)\n"
                + $"nothing to {command}: every object is of a kind that is skipped\n"),
            outcome);
        Assert.Empty(_daemon.Asked);
    }

    [Theory]
    [InlineData("apply")]
    [InlineData("delete")]
    public void An_empty_list(string command)
    {
        _cli.RunWithInput(EmptyList, command, "-f", "-")
            .ShouldFail(3, $"dataplane: nothing to {command}: there is no object, only an empty list");
        Assert.Empty(_daemon.Asked);
    }

    [Fact]
    public void An_empty_list_is_a_complete_state()
    {
        Assert.Equal(0, _cli.RunWithInput(EmptyList, "apply", "--prune", "-f", "-").Exit);
        Assert.Single(_daemon.Asked, a => a.Question == "POST /v1/apply");
    }

    [Theory]
    [InlineData("apply -f")]
    [InlineData("validate")]
    [InlineData("matrix -f")]
    [InlineData("test")]
    public void A_url(string line) => _cli.Run([.. line.Split(' '), "https://example.org/a.yaml"]).ShouldFail(3,
        "dataplane: https://example.org/a.yaml: a URL, and only files are read; fetch it: "
            + "curl -fsSL https://example.org/a.yaml | dataplane ... -f -");
}
