using System.Diagnostics;

namespace Dataplane.Architecture.Tests;

/// <summary>The source tree that this program was built from.</summary>
internal static class Repository
{
    private static readonly string[] BuildRemains = ["bin", "obj", "out", "TestResults"];

    /// <summary>The directory that holds Dataplane.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Tracked files, relative to <see cref="Root"/>, with '/'. In a tree without git: all files but build remains.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. (IsGit ? Tracked() : Walk()).Where(f => File.Exists(Full(f))).Order(StringComparer.Ordinal)];

    private static bool IsGit => Path.Exists(Full(".git"));

    public static string Full(string file) => Path.Combine(Root, file);

    public static IEnumerable<string> FilesBelow(string folder, string ending) =>
        Files.Where(f => f.StartsWith(folder + "/", StringComparison.Ordinal) && f.EndsWith(ending, StringComparison.Ordinal));

    /// <summary>The standard output of a program run at <see cref="Root"/>, which must end with 0.</summary>
    public static string OutputOf(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Root, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? text : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "Dataplane.sln"))) return folder;
        throw new InvalidOperationException($"no Dataplane.sln above {AppContext.BaseDirectory}");
    }

    // git refuses the tree of another user, such as a clone that root tests.
    private static string[] Tracked() =>
        OutputOf("git", "-c", $"safe.directory={Root}", "ls-files", "-z").Split('\0', StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> Walk() =>
        Directory.EnumerateFiles(Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(f => Path.GetRelativePath(Root, f))
            .Where(f => !f.Split('/').Any(BuildRemains.Contains));
}
