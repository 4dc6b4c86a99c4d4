namespace Dataplane.Kubernetes.Loading;

/// <summary>What of the given paths is not loaded, and how files are named.</summary>
public sealed record LoadOptions
{
    public static readonly LoadOptions None = new();

    /// <summary>Patterns of files and directories to pass over: see <see cref="PathPatterns"/>.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>
    /// Codes of <see cref="Diagnostics.Codes.OfWhatIsNotRead"/>: what has one of these is left out with a note where it
    /// would be an error. Other codes have no effect.
    /// </summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>The name of a file in diagnostics and objects, from its path.</summary>
    public Func<string, string> NameOf { get; init; } = static path => path;
}
