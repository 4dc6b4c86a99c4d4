using Dataplane.Api;
using Dataplane.Cli.Logs;

namespace Dataplane.Cli.Tests;

/// <summary>What logs asks the daemon for.</summary>
public sealed class LogsTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("5s", 5), InlineData("2m", 120), InlineData("1h30m", 5400), InlineData("1.5s", 2)]
    [InlineData("10ms", 1), InlineData("5", null), InlineData("", null), InlineData("0s", null)]
    [InlineData("-1s", null)]
    public void Times_are_read_as_kubectl_reads_them(string text, int? seconds) =>
        Assert.Equal(seconds, Duration.Seconds(text));

    [Theory]
    [InlineData("", "a")]
    [InlineData("container=c&previous=true&timestamps=true&tailLines=3&sinceSeconds=60", "a", "-c", "c", "-p",
        "--timestamps", "--tail", "3", "--since", "1m")]
    [InlineData("follow=true", "-f", "x/a", "--tail=-1")]
    public void Options_are_parameters(string query, params string[] arguments)
    {
        using var daemon = new CannedDaemon(_cli.Socket)
            .Says("GET /v1/pods", new PodsResponse("", "", "", "", [new PodEntry("x/a", null, null)]),
                ApiJson.Default.PodsResponse)
            .Says($"GET /v1/pods/x/a/log?{query}", new Problem("urn:dataplane:problem:no-log", "t", 400)
            {
                Detail = "asked", ExitCode = 1,
            }, ApiJson.Default.Problem);
        var outcome = _cli.Run(["logs", "-n", "x", .. arguments]);
        Assert.Equal($"GET /v1/pods/x/a/log?{query}", daemon.Asked[^1].Question);
        Assert.NotEqual(2, outcome.Exit);
    }

    [Theory]
    [InlineData("--tail", "-2", "--tail -2: no number of lines, 0 or more, or -1 for all")]
    [InlineData("--since", "yesterday", "--since yesterday: no time such as 5s, 2m or 1h30m")]
    public void What_is_no_number_is_refused(string option, string value, string said)
    {
        var outcome = _cli.Run("logs", "x/a", option, value);
        Assert.Equal(2, outcome.Exit);
        Assert.StartsWith($"dataplane: {said}", outcome.Error, StringComparison.Ordinal);
    }
}
