using System.Diagnostics;

namespace Dataplane.Cli.Tests;

/// <summary><c>diff --against git:REV</c>: the same paths, as they are in a revision.</summary>
public sealed class DiffGitTests : IDisposable
{
    private readonly Cli _cli = new();
    private readonly string _root;

    public DiffGitTests()
    {
        _root = Path.GetDirectoryName(_cli.File("README.md", "no manifest\n"))!;
        Directory.CreateDirectory($"{_root}/manifests/deep");
    }

    public void Dispose() => _cli.Dispose();

    private void Write(string name, string text) => File.WriteAllText($"{_root}/{name}", text);

    private string Git(params string[] words)
    {
        if (!File.Exists("/usr/bin/git")) Assert.Skip("git is not installed");
        var start = new ProcessStartInfo("git")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _root,
        };
        string[] own = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main"];
        foreach (var word in (string[])[.. own, .. words]) start.ArgumentList.Add(word);
        using var git = Process.Start(start)!;
        var text = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
        return text;
    }

    private void Commit(string message)
    {
        Git("add", "-A");
        Git("commit", "-q", "-m", message);
    }

    /// <summary>A repository with one commit: pods and the policy of <see cref="Cli"/>.</summary>
    private void Repository()
    {
        Git("init", "-q");
        Write("manifests/pods.yaml", Cli.Pods);
        Write("manifests/deep/policy.yaml", Cli.Policy);
        Write("manifests/expect.yaml", "expect: [{ from: x/client, to: x/web, want: allow }]\n");
        Commit("first");
    }

    private Outcome Diff(string revision, string path = "manifests", params string[] more) =>
        _cli.Run(["diff", "-f", $"{_root}/{path}", "--against", $"git:{revision}", .. more]);

    [Fact]
    public void What_the_work_tree_changes()
    {
        Repository();
        Write("manifests/deep/policy.yaml", Cli.Policy.Replace("port: 80", "port: 81", StringComparison.Ordinal));
        var outcome = Diff("HEAD");
        Assert.Equal((1, "", """
            OBJECTS
            ~  NetworkPolicy  x/web  DIR/manifests/deep/policy.yaml:1

            FLOWS
            -  x/client  → x/web  TCP 80  IPv4 and IPv6  closed
            +  x/client  → x/web  TCP 81  IPv4 and IPv6  opened

            1 object changed, 1 group of flows closed, 1 opened

            """), (outcome.Exit, outcome.Error, outcome.Out));
        Commit("second");
        Assert.Equal(0, Diff("HEAD").Exit);
        Assert.Equal(1, Diff("HEAD~1").Exit);
        Assert.Equal(1, Diff(Git("rev-parse", "HEAD~1").Trim()).Exit);
    }

    /// <summary>An object that is gone stands where git shows it.</summary>
    [Fact]
    public void A_file_that_is_gone_or_new()
    {
        Repository();
        File.Delete($"{_root}/manifests/deep/policy.yaml");
        Assert.Contains("-  NetworkPolicy  x/web  main:manifests/deep/policy.yaml:1\n", Diff("main").Out,
            StringComparison.Ordinal);
        Write("new.yaml", Cli.Policy);
        var outcome = Diff("main", "new.yaml");
        Assert.Equal("note: DIR/new.yaml is not in main: all of it is new\n"
            + "note: no pods in the manifests\nnote: no pods in the manifests\n", outcome.Error);
        Assert.Contains("+  NetworkPolicy  x/web  DIR/new.yaml:1\n", outcome.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("manifests/deep/policy.yaml")]
    [InlineData("manifests/deep")]
    [InlineData(".")]
    public void Files_and_directories_at_any_depth(string path)
    {
        Repository();
        Assert.Equal((0, 0), (Diff("main", path).Exit, Diff("main~0", path).Exit));
    }

    /// <summary>A name is no pattern, and the attributes of the repository leave nothing out.</summary>
    [Fact]
    public void Names_are_taken_as_they_are()
    {
        Repository();
        Write(".gitattributes", "manifests/** export-ignore\n");
        Write("manifests/a [b]*.yaml", Cli.Policy.Replace("name: web", "name: odd", StringComparison.Ordinal));
        Commit("odd");
        Assert.Equal((0, ""), (Diff("main").Exit, Diff("main").Error));
        Assert.Equal(0, Diff("main", "manifests/a [b]*.yaml").Exit);
    }

    [Fact]
    public void What_cannot_be_compared()
    {
        _cli.File("pods.yaml", Cli.Pods);
        Diff("main", "pods.yaml").ShouldFail(3, "dataplane: DIR/pods.yaml: not in a git repository");
        Repository();
        Diff("nowhere").ShouldFail(
            3, "dataplane: git:nowhere: no such revision in DIR; git log --oneline lists some");
        Diff("--output=x").ShouldFail(
            3, "dataplane: git:--output=x: no such revision in DIR; git log --oneline lists some");
        Diff("").ShouldFail(2, "dataplane: --against git: which revision? write it like git:main");
        Diff("main", "gone.yaml").ShouldFail(3, "dataplane: DIR/gone.yaml: no such file or directory");
        _cli.Run("diff", "--against", "git:main").ShouldFail(
            2, "dataplane: --against git:main: name the files or directories with -f PATH");
        _cli.Run("diff", "-f", "-", "--against", "git:main").ShouldFail(
            2, "dataplane: --against git:main: name the files or directories with -f PATH");
        _cli.Run("diff", "-f", $"{_root}/manifests", "--against", "git:main", $"{_root}/pods.yaml").ShouldFail(
            2, "dataplane: --against git:main stands alone: it is the paths of -f, as they were");
    }

    [Fact]
    public void Nothing_is_left_behind()
    {
        Repository();
        var before = Directory.GetDirectories(Path.GetTempPath(), "dataplane-git-*").Length;
        Diff("main");
        Diff("nowhere");
        Assert.Equal(before, Directory.GetDirectories(Path.GetTempPath(), "dataplane-git-*").Length);
    }
}
