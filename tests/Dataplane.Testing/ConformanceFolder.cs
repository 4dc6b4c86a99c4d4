namespace Dataplane.Testing;

/// <summary>
/// The collection of conformance cases: the folder that DATAPLANE_CONFORMANCE names, else <c>shared/conformance</c>
/// beside this repository or beside a folder around it. It is no part of the repository.
/// </summary>
public static class ConformanceFolder
{
    public const string Variable = "DATAPLANE_CONFORMANCE";

    /// <summary>Null: there is none, and <see cref="Absence"/> says why.</summary>
    public static string? Path { get; } = Find();

    public static string Absence => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named
        ? $"{Variable} is {named}, where no folder is"
        : $"no conformance cases here: set {Variable} to their folder";

    /// <summary>The names of the cases of a suite, <c>suite/case</c>, sorted.</summary>
    public static IEnumerable<string> Cases(string suite) =>
        Path is null || !Directory.Exists(System.IO.Path.Combine(Path, suite))
        ? []
        : Directory.GetDirectories(System.IO.Path.Combine(Path, suite))
            .Select(d => $"{suite}/{System.IO.Path.GetFileName(d)}")
            .Order(StringComparer.Ordinal);

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
            return Directory.Exists(named) ? named : null;
        return Above(AppContext.BaseDirectory).Concat(Above(Environment.CurrentDirectory))
            .Select(d => System.IO.Path.Combine(d, "shared", "conformance")).FirstOrDefault(Directory.Exists);
    }

    private static IEnumerable<string> Above(string start)
    {
        for (var at = new DirectoryInfo(start); at is not null; at = at.Parent) yield return at.FullName;
    }
}
