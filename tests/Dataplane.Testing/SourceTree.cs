namespace Dataplane.Testing;

/// <summary>The source tree that the running program was built from.</summary>
public static class SourceTree
{
    /// <summary>The directory that holds Dataplane.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <param name="path">Relative to <see cref="Root"/>, with '/'.</param>
    public static string Full(string path) => Path.Combine(Root, path);

    /// <summary>Fails the test unless docs/diagnostics.md has a section for the code of a diagnostic.</summary>
    public static void AssertDocumented(string code) => Assert.Contains(
        File.ReadLines(Full("docs/diagnostics.md")), line => line.StartsWith($"### {code} ", StringComparison.Ordinal));

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "Dataplane.sln"))) return folder;
        throw new InvalidOperationException($"no Dataplane.sln above {AppContext.BaseDirectory}");
    }
}
