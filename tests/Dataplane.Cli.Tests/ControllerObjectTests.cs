namespace Dataplane.Cli.Tests;

/// <summary>Labels and objects that controllers make, as commands show and count them.</summary>
public sealed class ControllerObjectTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void A_pod_of_a_cron_job_is_judged_as_a_pod_of_a_job()
    {
        var file = FaultFile.Path("cronjob/cronjob.yaml");
        string[] into = ["why", "logging/curator-0", "logging/search", "--port", "tcp/9200", "-f", file, "-o", "json"];
        Assert.Equal("allowed", (string?)_cli.Run(into).Json["verdict"]);
        string[] outOf = ["why", "logging/search", "logging/curator-0", "--port", "tcp/80", "-f", file, "-o", "json"];
        Assert.Equal("denied", (string?)_cli.Run(outOf).Json["verdict"]);
        Assert.Contains("no errors, 0 warnings", _cli.Run("validate", file).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Owners_are_told_from_workloads_that_become_pods() => Assert.Contains(
        "2 workloads count as what they own", _cli.Run("matrix", "-f", FaultFile.Path("dump/in.yaml")).Error,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("dump/in.yaml", "q/web-6d4cf56db6-x7k2p")]
    [InlineData("ended-pods/in.yaml", "jobs/cli jobs/web-0")]
    [InlineData("ended-pods/evicted.yaml", "jobs/cli")]
    [InlineData("windows/concat.yaml", "w/a w/b")]
    public void Each_pod_is_there_once(string file, string pods)
    {
        var matrix = _cli.Run("matrix", "-f", FaultFile.Path(file), "--family", "4", "-o", "json").Json;
        Assert.Equal(pods, string.Join(' ', matrix["probes"]![0]!["matrix"]!.AsObject().Select(row => row.Key)));
    }
}
