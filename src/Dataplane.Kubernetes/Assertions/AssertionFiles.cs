using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Assertions;

/// <summary>
/// Finds and reads assertion files: <c>expect.yaml</c> and every file that ends in <c>.expect.yaml</c>.
/// </summary>
public static class AssertionFiles
{
    /// <summary>
    /// The path itself, whatever it is called; or the assertion files of the directory and all below it, in ordinal
    /// order.
    /// </summary>
    /// <exception cref="ManifestPathException">The path does not exist, or a directory cannot be listed.</exception>
    /// <param name="exclude">Patterns of files to pass over, as in <see cref="LoadOptions.Exclude"/>.</param>
    public static IReadOnlyList<string> Find(string path, IReadOnlyList<string>? exclude = null) =>
        ManifestFiles.Expand(path, new PathPatterns(exclude ?? []),
            file => !Directory.Exists(path) || ManifestFiles.IsAssertionFile(file));

    /// <summary>Reads one file.</summary>
    /// <param name="source">The text, so that diagnostics can show the lines they are about; null where it is
    /// none.</param>
    /// <returns>Null where a diagnostic is an error.</returns>
    /// <exception cref="ManifestPathException">The file cannot be opened or read.</exception>
    public static AssertionFile? Read(string path, out IReadOnlyList<Diagnostic> diagnostics, out SourceText? source)
    {
        var bag = new DiagnosticBag();
        var bytes = ManifestFiles.Read(path, ManifestLoader.MaxFileBytes);
        if (bytes.Length <= ManifestLoader.MaxFileBytes && TextCheck.Decode(path, bytes, bag) is { } text)
        {
            source = new SourceText(path, text);
            return AssertionReader.Read(path, text, out diagnostics);
        }
        if (bytes.Length > ManifestLoader.MaxFileBytes)
        {
            bag.Add(new Diagnostic(Codes.TooLarge, Severity.Error,
                $"larger than {ManifestLoader.MaxFileBytes >> 20} MiB", new SourcePosition(path, 1, 1)));
        }
        source = null;
        diagnostics = bag.ToSortedList();
        return null;
    }
}
