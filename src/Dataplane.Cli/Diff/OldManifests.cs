using Dataplane.Cli.Input;
using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Loading;

namespace Dataplane.Cli.Diff;

/// <summary>Loads what <c>--against</c> names: paths, or a revision of the paths of <c>-f</c>.</summary>
internal static class OldManifests
{
    private const string GitPrefix = "git:";

    /// <param name="against">The values of <c>--against</c>.</param>
    /// <param name="now">The paths of <c>-f</c>.</param>
    /// <exception cref="CommandFailure">There is no such revision, or git cannot be asked.</exception>
    /// <exception cref="ManifestPathException">A path cannot be read.</exception>
    public static LoadResult Load(Shell shell, ManifestReading against, ManifestReading now)
    {
        if (against.Paths.FirstOrDefault(IsRevision) is not { } text) return against.Load(shell);
        var revision = text[GitPrefix.Length..];
        if (against.Paths.Count > 1)
        {
            throw new CommandFailure(
                ExitCodes.Usage, $"--against {text} stands alone: it is the paths of -f, as they were");
        }
        if (revision.Length == 0)
            throw new CommandFailure(ExitCodes.Usage, "--against git: which revision? write it like git:main");
        if (now.Paths.Contains("-")) RefuseRevision(against.Paths);
        using var files = GitFiles.Extract(shell, revision, now.Paths);
        return (against with { Paths = files.Paths, NameOf = files.NameOf }).Load(shell);
    }

    /// <exception cref="CommandFailure">A revision is named, of paths that are not.</exception>
    public static void RefuseRevision(IReadOnlyList<string> against)
    {
        if (against.FirstOrDefault(IsRevision) is { } text)
            throw new CommandFailure(ExitCodes.Usage, $"--against {text}: name the files or directories with -f PATH");
    }

    private static bool IsRevision(string path) => path.StartsWith(GitPrefix, StringComparison.Ordinal);
}
