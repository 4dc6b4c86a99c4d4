using System.Diagnostics;

namespace Dataplane.Architecture.Tests;

/// <summary>The source tree that this program was built from.</summary>
internal static class Repository
{
    private static readonly string[] BuildRemains = ["bin", "obj", "out", "TestResults"];

    /// <summary>
    /// Tracked files, relative to <see cref="SourceTree.Root"/>, with '/'. In a tree without git: all files but build
    /// remains.
    /// </summary>
    public static IReadOnlyList<string> Files { get; } =
        [.. (IsGit ? Tracked() : Walk()).Where(f => File.Exists(Full(f))).Order(StringComparer.Ordinal)];

    private static bool IsGit => Path.Exists(Full(".git"));

    public static string Full(string file) => SourceTree.Full(file);

    public static IEnumerable<string> FilesBelow(string folder, string ending) =>
        Files.Where(f => f.StartsWith(folder + "/", StringComparison.Ordinal)
            && f.EndsWith(ending, StringComparison.Ordinal));

    /// <summary>The standard output of a program run at <see cref="SourceTree.Root"/>, which must end with 0.</summary>
    public static string OutputOf(string program, params string[] arguments) =>
        Tool.Run(new ProcessStartInfo(program, arguments) { WorkingDirectory = SourceTree.Root }).Succeeded();

    // git refuses the tree of another user, such as a clone that root tests.
    private static string[] Tracked() =>
        OutputOf("git", "-c", $"safe.directory={SourceTree.Root}", "ls-files", "-z")
            .Split('\0', StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> Walk() =>
        Directory.EnumerateFiles(SourceTree.Root, "*",
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(f => Path.GetRelativePath(SourceTree.Root, f))
            .Where(f => !f.Split('/').Any(BuildRemains.Contains));
}
