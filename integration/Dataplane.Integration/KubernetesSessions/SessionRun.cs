using System.Text;
using Dataplane.Integration.Programs;

namespace Dataplane.Integration.KubernetesSessions;

/// <summary>
/// One session with a client of one version, against a daemon of its own. With UPDATE_GOLDEN=1 what differs is recorded
/// anew: by <see cref="Newest"/> for all clients, by another for its own.
/// </summary>
internal static class SessionRun
{
    public const string Newest = "1.35";

    /// <summary>Who records reads and writes a whole file.</summary>
    private static readonly SemaphoreSlim Recording = new(1);

    private static bool IsRecording => Environment.GetEnvironmentVariable(GoldenFile.Variable) == "1";

    public static string Folder { get; } =
        SourceTree.Full("integration/Dataplane.Integration/KubernetesSessions/Recorded");

    public static IEnumerable<string> Names =>
        Directory.GetFiles(Folder, "*.session").Select(f => Path.GetFileNameWithoutExtension(f)).Order();

    /// <summary>Fails the test where a client prints anything else than was recorded.</summary>
    /// <param name="version">Of kubectl.</param>
    public static async Task AssertAsync(string name, string version)
    {
        if (!IsRecording)
        {
            var (_, differences) = await RunAsync(name, version);
            Assert.True(differences.Length == 0, differences);
            return;
        }
        await Recording.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            (await RunAsync(name, version)).Session.Write(PathOf(name));
        }
        finally
        {
            Recording.Release();
        }
    }

    private static async Task<(SessionFile Session, string Differences)> RunAsync(string name, string version)
    {
        var (path, kubectl) = (PathOf(name), KubernetesClients.Kubectl(version));
        var session = SessionFile.Read(path);
        using var folder = new TempDirectory();
        Prepare(folder, kubectl);
        using var lab = new ProgramsLab("", "--kubernetes-api", "127.0.0.1:0");
        using var shell = new SessionShell(folder["files"],
        [
            ("PATH", $"{folder["bin"]}:{KubernetesClients.Folder}:{Environment.GetEnvironmentVariable("PATH")}"),
            ("DATAPLANE_SOCKET", lab.Daemon.Socket),
            ("KUBECONFIG", Path.Combine(lab.Daemon.StateDirectory, "kubernetes-api", "kubeconfig")),
        ]);
        var (steps, differences) = (new List<SessionStep>(), new StringBuilder());
        foreach (var step in session.Steps)
        {
            steps.Add(step);
            if (step.NotYet is not null || step.NotRun.ContainsKey(version)) continue;
            var (output, exitCode) = await shell.RunAsync(step.Command, TestContext.Current.CancellationToken);
            var wanted = step.For(version);
            if (wanted.Allows(output, exitCode)) continue;
            var said = new Wanted(Placeholders.Generalised(output), exitCode);
            steps[^1] = step.Recorded(version, version == Newest, said);
            differences.Append($"\n{path}:{step.Line}\n$ {string.Join('\n', step.Command)}\n")
                .Append($"wanted [exit {wanted.ExitCode}]:\n{string.Join('\n', wanted.Lines)}\n")
                .Append($"got [exit {exitCode}]:\n{output}");
        }
        if (differences.Length > 0) differences.Append($"\nthe daemon:\n{lab.Daemon.Said()}");
        return (session.With(steps), differences.ToString());
    }

    private static string PathOf(string name) => Path.Combine(Folder, $"{name}.session");

    /// <summary>Files that a session names, and the client under the name that people type.</summary>
    private static void Prepare(TempDirectory folder, string kubectl)
    {
        Directory.CreateDirectory(folder["bin"]);
        File.CreateSymbolicLink(folder["bin/kubectl"], kubectl);
        File.CreateSymbolicLink(folder["bin/dataplane"], Path.Combine(AppContext.BaseDirectory, "dataplane"));
        var files = Path.Combine(Folder, "files");
        foreach (var file in Directory.GetFiles(files, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder["files"], Path.GetRelativePath(files, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
