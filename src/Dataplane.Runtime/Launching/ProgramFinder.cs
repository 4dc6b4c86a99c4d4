namespace Dataplane.Runtime.Launching;

/// <summary>Finds the file of a program as runc does it (os/exec of Go, LookPath).</summary>
public static class ProgramFinder
{
    /// <summary>PATH of a container whose image says nothing, as containerd sets it.</summary>
    public const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private const UnixFileMode Executable =
        UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <param name="directory">Where a path with a slash in it begins.</param>
    /// <param name="file">The path of the program.</param>
    /// <returns>Null: it was found; otherwise why not, in the words of runc.</returns>
    public static string? Find(string program, string path, string directory, out string file)
    {
        file = program;
        if (program.Contains('/', StringComparison.Ordinal))
        {
            file = Path.Combine(directory, program);
            return Exists(file) ? IsExecutable(file) ? null : Failed(program, "permission denied")
                : Failed(program, "no such file or directory", "stat ");
        }
        foreach (var place in path.Split(':').Where(p => p.StartsWith('/')))
        {
            file = $"{place}/{program}";
            if (program.Length > 0 && IsExecutable(file)) return null;
        }
        return Failed(program, "executable file not found in $PATH");
    }

    private static string Failed(string program, string why, string call = "") =>
        $"exec: \"{program}\": {(call.Length == 0 ? "" : $"{call}{program}: ")}{why}";

    private static bool Exists(string file) => File.Exists(file) || Directory.Exists(file);

    private static bool IsExecutable(string file) =>
        File.Exists(file) && (File.GetUnixFileMode(file) & Executable) != UnixFileMode.None;
}
