using Dataplane.Cli.Diagnostics;
using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;

namespace Dataplane.Cli.Input;

/// <summary>Manifests that a command line names, and how they are read.</summary>
/// <param name="Namespace">The namespace of objects without one; null for <c>default</c>.</param>
/// <param name="Remarks">What is said about them beside errors.</param>
internal sealed record ManifestReading(IReadOnlyList<string> Paths, string? Namespace, Remarks Remarks)
{
    /// <summary>Patterns of files and directories to pass over.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>The name of a file in diagnostics and objects, from its path.</summary>
    public Func<string, string> NameOf { get; init; } = static path => path;

    /// <summary>True if there is a path.</summary>
    public bool IsGiven => Paths.Count > 0;

    /// <exception cref="ManifestPathException">A path cannot be read.</exception>
    public LoadResult Load(Shell shell) => ManifestLoader.Load(Paths, shell.In, Namespace, new LoadOptions
    {
        Exclude = Exclude,
        NameOf = NameOf,
        Ignore = [.. Remarks.Ignored.Intersect(Codes.OfWhatIsNotRead)],
    });
}
