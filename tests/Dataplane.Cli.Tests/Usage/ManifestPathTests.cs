using Dataplane.Api;

namespace Dataplane.Cli.Tests;

/// <summary>Manifests are named with -f PATH or as PATH, in every command that reads them.</summary>
public sealed class ManifestPathTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("validate")]
    [InlineData("matrix")]
    [InlineData("rules")]
    [InlineData("why x/client x/web")]
    [InlineData("diff --against=DIR --pod-cidr 10.9.0.0/16")]
    [InlineData("test")]
    public void Both_spellings_mean_the_same(string line)
    {
        var path = _cli.Example();
        _cli.File("expect.yaml", "expect:\n  - {from: x/client, to: x/web, port: 80, want: allow}\n");
        string[] words = [.. line.Split(' ').Select(w => w.Replace("DIR", path, StringComparison.Ordinal))];
        var (named, placed) = (_cli.Run([.. words, "-f", path]), _cli.Run([.. words, path]));
        Assert.Equal((0, ""), (named.Exit, named.Error));
        Assert.Equal((named.Exit, named.Error), (placed.Exit, placed.Error));
        // The time that a run took is all that may differ.
        Assert.Equal(named.Out, placed.Out);
    }

    [Theory]
    [InlineData("apply")]
    [InlineData("delete")]
    public void Of_a_change_too(string command)
    {
        using var daemon = new CannedDaemon(_cli.Socket)
            .Says($"POST /v1/{command}", new ChangeResponse(8, [], []), ApiJson.Default.ChangeResponse);
        Assert.Equal(0, _cli.Run(command, _cli.Example()).Exit);
        Assert.Equal(2, daemon.OnlyBody.GetProperty("files").GetArrayLength());
    }

    [Fact]
    public void Several_files_of_a_deletion()
    {
        using var daemon = new CannedDaemon(_cli.Socket)
            .Says("POST /v1/delete", new ChangeResponse(8, [], []), ApiJson.Default.ChangeResponse);
        _cli.Example();
        Assert.Equal(0, _cli.Run("delete", _cli.File("pods.yaml", Cli.Pods), _cli.File("p.yaml", Cli.Policy)).Exit);
        Assert.Equal(2, daemon.OnlyBody.GetProperty("files").GetArrayLength());
    }

    [Fact]
    public void A_missing_file_is_no_kind() =>
        _cli.Run("delete", "missing.yaml").ShouldFail(3, "dataplane: missing.yaml: no such file or directory");

    [Theory]
    [InlineData("apply", "manifests")]
    [InlineData("validate", "manifests")]
    [InlineData("test", "assertion files")]
    public void No_path_at_all(string command, string things) => _cli.Run(command).ShouldFail(
        2, $"dataplane: no {things} given; name them: dataplane {command} PATH");

    [Fact]
    public void Standard_input_as_a_path() => Assert.Equal(0, _cli.RunWithInput(Cli.Pods, "matrix", "-").Exit);

    [Theory]
    [InlineData("get pods -nx -ojson")]
    [InlineData("get pods -n=x -o=json")]
    [InlineData("get pods --namespace=x --output=json")]
    public void A_value_may_follow_its_letter(string line)
    {
        using var daemon = new CannedDaemon(_cli.Socket)
            .Says("GET /v1/objects?kind=Pod", new ObjectsResponse(1, []), ApiJson.Default.ObjectsResponse);
        var outcome = _cli.Run(line.Split(' '));
        Assert.Equal((0, "no pods in namespace x; -A shows all namespaces\n"), (outcome.Exit, outcome.Error));
        Assert.Equal(1, outcome.Json["generation"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("--dry-run=client")]
    [InlineData("--dry-run=server")]
    [InlineData("--dry-run=true")]
    public void A_dry_run_as_kubectl_spells_it(string option)
    {
        using var daemon = new CannedDaemon(_cli.Socket)
            .Says("POST /v1/apply", new ChangeResponse(8, [], []), ApiJson.Default.ChangeResponse);
        Assert.Equal(0, _cli.Run("apply", option, "-f", _cli.Example()).Exit);
        Assert.True(daemon.OnlyBody.GetProperty("dryRun").GetBoolean());
    }
}
