namespace Dataplane.Examples.Tests;

/// <summary>The folder <c>examples</c> of the source tree that this program was built from.</summary>
public static class ExampleFolder
{
    /// <summary>The directory that holds Dataplane.sln: the examples' commands are given from there.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every example, <c>NN-name</c>, sorted. The demo has its own test: it is what <c>dataplane demo</c> runs.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.GetDirectories(Full("")).Select(d => Path.GetFileName(d)).Where(name => name != "demo").Order(StringComparer.Ordinal)];

    /// <summary>A path below <c>examples</c>.</summary>
    public static string Full(string path) => Path.Combine(Root, "examples", path);

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Dataplane.sln")))
            {
                return folder;
            }
        }
        throw new InvalidOperationException($"no Dataplane.sln above {AppContext.BaseDirectory}");
    }
}
