namespace Dataplane.Testing.Examples;

/// <summary>The folder <c>examples</c> of the source tree that this program was built from.</summary>
public static class ExampleFolder
{
    /// <summary>
    /// Every example, <c>NN-name</c>, sorted. The demo has its own test: it is what <c>dataplane demo</c> runs.
    /// </summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.GetDirectories(Full("")).Select(d => Path.GetFileName(d))
            .Where(name => name != "demo").Order(StringComparer.Ordinal)];

    /// <summary>A path below <c>examples</c>.</summary>
    public static string Full(string path) => Path.Combine(SourceTree.Root, "examples", path);
}
