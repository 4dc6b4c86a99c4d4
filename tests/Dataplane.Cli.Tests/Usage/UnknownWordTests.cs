using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;

namespace Dataplane.Cli.Tests;

/// <summary>Words that no command has: options, commands, and those that people know from kubectl.</summary>
public sealed class UnknownWordTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("get pods --outptu json", "--outptu; did you mean --output?", "get")]
    [InlineData("get pods --show-label", "--show-label; did you mean --show-labels?", "get")]
    [InlineData("get --selectr a=b pods", "--selectr; did you mean --selector?", "get")]
    [InlineData("describe pod --socke x", "--socke; did you mean --socket?", "describe")]
    [InlineData("delete pod --dryrun", "--dryrun; did you mean --dry-run?", "delete")]
    [InlineData("matrix -f a --prob TCP:80", "--prob; did you mean --probe?", "matrix")]
    [InlineData("diff -f a --againts b", "--againts; did you mean --against?", "diff")]
    [InlineData("diff -f a --against b --jsn", "--jsn", "diff")]
    [InlineData("why a b --sugest -f a", "--sugest; did you mean --suggest?", "why")]
    [InlineData("why --prot a b", "--prot; did you mean --port?", "why")]
    [InlineData("read --fil x", "--fil", "read")]
    [InlineData("--socket /s get pods", "--socket", null)]
    [InlineData("exec --stdn x/a -- true", "--stdn; did you mean --stdin?", "exec")]
    [InlineData("exec x/a -x -- true", "-x", "exec")]
    [InlineData("validate --strct a", "--strct; did you mean --strict?", "validate")]
    [InlineData("test --packet a", "--packet; did you mean --packets?", "test")]
    [InlineData("capture --wrte x/a", "--wrte; did you mean --write?", "capture")]
    [InlineData("completion --bash", "--bash", "completion")]
    [InlineData("get pods -n --al-namespaces", "--al-namespaces; did you mean --all-namespaces?", "get")]
    [InlineData("--verson", "--verson; did you mean --version?", null)]
    public void An_unknown_option_is_no_name_and_no_path(string line, string said, string? command) =>
        _cli.Run(line.Split(' ')).ShouldFail(
            2, $"dataplane: unknown option {said}", $"see dataplane {(command is null ? "" : command + " ")}--help");

    [Fact]
    public void Every_command_refuses_an_option_that_it_does_not_have_wherever_it_stands()
    {
        using var shell = new Shell(Stream.Null, TextWriter.Null, TextReader.Null);
        foreach (var command in CommandTree.Build(shell).Subcommands.Where(c => !c.Hidden))
        {
            string[] words = [.. command.Arguments.Where(a => !a.Hidden && a.HelpName?[0] != '-').Select(_ => "x/a")];
            foreach (var line in (string[][])[["--zzz"], ["--zzz", .. words], [.. words, "--zzz"], [.. words, "-Z"]])
            {
                var outcome = _cli.Run([command.Name, .. line]);
                var word = line.First(w => w[0] == '-');
                Assert.Equal((2, ""), (outcome.Exit, outcome.Out));
                Assert.StartsWith($"dataplane: unknown option {word}", outcome.Error, StringComparison.Ordinal);
                Assert.EndsWith($"\nsee dataplane {command.Name} --help\n", outcome.Error, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("exec x/a -- ls --zzz")]
    [InlineData("flows --last -1")]
    [InlineData("validate ./--zzz")]
    public void Words_behind_two_dashes_and_values_are_no_options(string line) =>
        Assert.DoesNotContain("unknown option", _cli.Run(line.Split(' ')).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("get pods -w", "-w: get does not watch; use: watch dataplane get pods, or dataplane flows -f", "get")]
    [InlineData("get pods --watch",
        "--watch: get does not watch; use: watch dataplane get pods, or dataplane flows -f", "get")]
    [InlineData("apply -R -f a", "-R: a directory is always read with all below it", "apply")]
    [InlineData("apply -k base", "-k: build it first: kustomize build DIR | dataplane apply -f -", "apply")]
    [InlineData("delete pod x --now", "--now: a deletion is immediate and complete without it", "delete")]
    [InlineData("exec x/a ls -la", "-la; the program and its options come after two dashes: -- CMD", "exec")]
    [InlineData("delete pod a --force", "--force: a deletion is immediate and complete without it", "delete")]
    public void An_option_of_kubectl_is_answered(string line, string said, string command) =>
        _cli.Run(line.Split(' ')).ShouldFail(
            2, $"dataplane: unknown option {said}", $"see dataplane {command} --help");

    [Theory]
    [InlineData("lint", "validate")]
    [InlineData("lint --help", "validate")]
    [InlineData("lint -f a --help", "validate")]
    [InlineData("valdate --help", "validate")]
    [InlineData("matrx -f a", "matrix")]
    [InlineData("check", "validate")]
    [InlineData("ls pods", "get")]
    [InlineData("list", "get")]
    [InlineData("rm", "delete")]
    [InlineData("show", "describe")]
    public void An_unknown_command_names_the_nearest(string line, string nearest) =>
        _cli.Run(line.Split(' ')).ShouldFail(
            2, $"dataplane: unknown command \"{line.Split(' ')[0]}\"; did you mean {nearest}?", "see dataplane --help");

    [Theory]
    [InlineData("help")]
    [InlineData("help get")]
    public void Help_is_an_option(string line) => _cli.Run(line.Split(' ')).ShouldFail(
        2, "dataplane: help is an option: dataplane --help, or dataplane COMMAND --help", "see dataplane --help");

    [Theory]
    [InlineData("create deployment x --image i", "dataplane apply -f FILE")]
    [InlineData("label pod a k=v", "dataplane apply -f FILE")]
    [InlineData("annotate pod a k=v", "dataplane apply -f FILE")]
    [InlineData("edit netpol a", "dataplane apply -f FILE")]
    [InlineData("run a --image i", "dataplane apply -f FILE")]
    [InlineData("expose pod a", "dataplane get pods")]
    [InlineData("port-forward a 80", "sudo dataplane exec POD -- CMD")]
    [InlineData("scale deploy a", "dataplane apply -f FILE")]
    [InlineData("rollout status deploy/a", "dataplane status")]
    [InlineData("config view", "--socket PATH")]
    [InlineData("explain netpol", "dataplane validate FILE")]
    [InlineData("wait --for=condition=Ready pod/a", "dataplane apply -f FILE --wait")]
    [InlineData("kustomize build .", "kustomize build DIR | dataplane apply -f -")]
    [InlineData("version", "dataplane --version")]
    [InlineData("api-resources", "dataplane get --help")]
    public void A_word_of_kubectl_is_answered_with_what_to_do(string line, string remedy)
    {
        var outcome = _cli.Run(line.Split(' '));
        Assert.Equal((2, ""), (outcome.Exit, outcome.Out));
        Assert.StartsWith(
            $"dataplane: there is no command \"{line.Split(' ')[0]}\": ", outcome.Error, StringComparison.Ordinal);
        Assert.Contains(remedy, outcome.Error, StringComparison.Ordinal);
        Assert.EndsWith("\nsee dataplane --help\n", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_command_of_kubectl_is_a_command_here_or_is_answered()
    {
        // kubectl 1.35 --help
        string[] kubectl =
        [
            "create", "expose", "run", "set", "explain", "get", "edit", "delete", "rollout", "scale", "autoscale",
            "certificate", "cluster-info", "top", "cordon", "uncordon", "drain", "taint", "describe", "logs", "attach",
            "exec", "port-forward", "proxy", "cp", "auth", "debug", "events", "diff", "apply", "patch", "replace",
            "wait", "kustomize", "label", "annotate", "completion", "api-resources", "api-versions", "config", "plugin",
            "version",
        ];
        using var shell = new Shell(Stream.Null, TextWriter.Null, TextReader.Null);
        var own = CommandTree.Build(shell).Subcommands.Select(c => c.Name).ToHashSet();
        Assert.Equal([], kubectl.Where(word => !own.Contains(word) && !OtherWords.Commands.ContainsKey(word)));
        Assert.Equal([], OtherWords.Commands.Keys.Where(own.Contains));
    }

    [Theory]
    [InlineData("get cm -A", "configmaps are skipped: they do not decide which pods may talk")]
    [InlineData("describe ingress a", "ingresses are skipped: they do not decide which pods may talk")]
    public void A_kind_that_is_skipped_says_so(string line, string said) =>
        _cli.Run(line.Split(' ')).ShouldFail(2, $"dataplane: no kind \"{line.Split(' ')[1]}\" here; {said}");
}
