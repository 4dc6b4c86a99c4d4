using Dataplane.Linux.Files;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Node.Layout;

/// <summary>
/// Removes what killed runs have left: one namespace each, with everything inside, and files of the .NET runtime.
/// </summary>
public static class Cleanup
{
    /// <returns>The names of the namespaces that were removed.</returns>
    public static IReadOnlyList<string> RemoveDeadRuns()
    {
        var dead = Netns.List().Where(RunName.IsDead).ToList();
        foreach (var name in dead)
        {
            // Anybody can make a file of such a name in the directory for temporary files.
            foreach (var file in RuntimeFiles(name).Where(FileType.IsSocketOrPipe)) File.Delete(file);
            File.Delete(RunName.LockFile(name));
            Netns.Delete(name);
        }
        return dead;
    }

    /// <summary>
    /// The pipes for debuggers and the socket for diagnostics that every .NET process keeps in the directory for
    /// temporary files ("Default Diagnostic Port", .NET documentation). They are named by the same process id and start
    /// time as the run.
    /// </summary>
    internal static IReadOnlyList<string> RuntimeFiles(string name)
    {
        var process = RunName.Process(name);
        string[] files =
            [$"clr-debug-pipe-{process}-in", $"clr-debug-pipe-{process}-out", $"dotnet-diagnostic-{process}-socket"];
        return [.. files
            .Select(file => Path.Combine(Path.GetTempPath(), file))];
    }
}
