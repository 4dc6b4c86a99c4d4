using Dataplane.Api;
using Dataplane.Cli.Apply;

namespace Dataplane.Cli.Tests;

/// <summary><c>apply</c> says what the policies of the whole state that it makes probably do not mean.</summary>
public sealed class ApplyWarningTests : IDisposable
{
    /// <summary>A policy that selects no pod, because a label is misspelt.</summary>
    private static string Misspelt(int number) => Cli.Policy
        .Replace("name: web,", $"name: p{number:00},", StringComparison.Ordinal)
        .Replace("matchLabels: { app: web }", "matchLabels: { app: wep }", StringComparison.Ordinal);

    private readonly Cli _cli = new();
    private readonly CannedDaemon _daemon;

    public ApplyWarningTests()
    {
        _daemon = new CannedDaemon(_cli.Socket);
        _daemon.Says("POST /v1/apply", new ChangeResponse(7, [], []), ApiJson.Default.ChangeResponse);
    }

    public void Dispose()
    {
        _daemon.Dispose();
        _cli.Dispose();
    }

    private void State(params (string File, string Text)[] files) => _daemon.Says(
        "GET /v1/state",
        new StateResponse(7, "10.244.0.0/16", "fd00:10:244::/64",
            [.. files.Select(f => new ManifestFile(f.File, f.Text))], []),
        ApiJson.Default.StateResponse);

    [Fact]
    public void Of_the_whole_state_with_those_of_the_given_files_first()
    {
        var path = _cli.File("p.yaml", Misspelt(7));
        State(("all.yaml", Cli.Pods + "---\n" + Misspelt(1)), (path, Misspelt(7)));
        var outcome = _cli.Run("apply", "-f", path);
        Assert.Equal((0, """
            nothing to change
            warning[S015]: podSelector app=wep matches no pod of namespace `x`  (DIR/p.yaml:5)
            warning[S015]: podSelector app=wep matches no pod of namespace `x`  (all.yaml:20)
            dataplane validate explains warnings, with their remedies

            """), (outcome.Exit, outcome.Error));
        var json = _cli.Run("apply", "-f", path, "-o", "json").Json;
        Assert.Equal(
            ["S015 20", "S015 5"], json["warnings"]!.AsArray().Select(w => $"{w!["code"]} {w["line"]}").Order());
    }

    [Fact]
    public void No_more_than_ten()
    {
        State(("all.yaml", Cli.Pods + string.Concat(Enumerable.Range(0, 13).Select(i => "---\n" + Misspelt(i)))));
        var lines = _cli.Run("apply", "-f", _cli.File("pods.yaml", Cli.Pods)).Error.TrimEnd('\n').Split('\n');
        Assert.Equal(10, lines.Count(l => l.StartsWith("warning[S015]", StringComparison.Ordinal)));
        Assert.Equal("3 more warnings about the whole state", lines[^2]);
    }

    [Fact]
    public void A_dry_run_warns_about_what_would_be()
    {
        State(("all.yaml", Cli.Pods));
        _daemon.Says("POST /v1/apply", new ChangeResponse(7, [], []) { DryRun = true }, ApiJson.Default.ChangeResponse);
        var outcome = _cli.Run("apply", "--dry-run", "-f", _cli.File("p.yaml", Misspelt(1)));
        Assert.Contains("warning[S015]: podSelector app=wep matches no pod of namespace `x`  (DIR/p.yaml:5)\n",
            outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_said_where_there_is_nothing()
    {
        State(("all.yaml", Cli.Pods + "---\n" + Cli.Policy));
        Assert.Equal("nothing to change\n", _cli.Run("apply", "-f", _cli.File("p.yaml", Cli.Policy)).Error);
    }

    /// <summary>An editor can make the change that a warning suggests, in the given file and in others.</summary>
    [Fact]
    public void Json_has_the_edits()
    {
        var path = _cli.File("p.yaml", Cli.Pods + "---\n" + Misspelt(7));
        State((path, Cli.Pods + "---\n" + Misspelt(7)), ("other.yaml", Misspelt(8)));
        var warnings = _cli.Run("apply", "-f", path, "-o", "json").Json["warnings"]!.AsArray();
        Assert.Equal(2, warnings.Count);
        Assert.All(warnings, w => Assert.Equal("app: web", (string?)Assert.Single(w!["edits"]!.AsArray())!["text"]));
    }

    /// <summary>Who changes one object of ten thousand does not wait for a look at the others.</summary>
    [Fact]
    public void Of_a_large_state_when_asked_for()
    {
        State([.. Enumerable.Range(0, ChangeEffect.MostDocuments)
            .Select(i => ("p.yaml", Misspelt(i))), ("pods.yaml", Cli.Pods)]);
        var path = _cli.File("pods.yaml", Cli.Pods);
        Assert.Equal("nothing to change\n", _cli.Run("apply", "-q", "-f", path).Error);
        var outcome = _cli.Run("apply", "-f", path);
        Assert.Equal((0, "note: the state is large; -v shows the warnings about the whole of it\nnothing to change\n"),
            (outcome.Exit, outcome.Error));
        Assert.Contains("more warnings about the whole state\n", _cli.Run("apply", "-v", "-f", path).Error,
            StringComparison.Ordinal);
    }
}
