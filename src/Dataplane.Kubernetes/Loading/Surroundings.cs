using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading.Foreign;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Loading;

/// <summary>What stands around files that are read: the chart or the kustomization that they are parts of.</summary>
internal sealed class Surroundings
{
    private static readonly string[] KustomizationNames = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

    private readonly Dictionary<string, string?> _charts = [];
    private readonly Dictionary<string, string?> _kustomizations = [];
    private readonly Dictionary<string, HashSet<string>> _parts = [];

    /// <summary>The nearest directory above the file with a Chart.yaml; null: none.</summary>
    public string? ChartOf(string file) =>
        Nearest(Path.GetDirectoryName(file), _charts, d => File.Exists(Path.Combine(d, "Chart.yaml")));

    /// <summary>The nearest directory above the file with a kustomization; null: none.</summary>
    public string? KustomizationOf(string file) => Nearest(Path.GetDirectoryName(file), _kustomizations,
        d => Array.Exists(KustomizationNames, name => File.Exists(Path.Combine(d, name))));

    /// <summary>Whether the file is a template of a chart.</summary>
    public bool IsTemplate(string file) => ChartOf(file) is { } chart
        && Path.GetRelativePath(chart, file).StartsWith("templates/", StringComparison.Ordinal);

    /// <summary>
    /// The directory of a kustomization above the file that uses it as a patch, as values or as data, and not as
    /// objects; null: none.
    /// </summary>
    public string? UserOf(string file)
    {
        for (var at = KustomizationOf(file); at is not null; at = KustomizationOf(at))
        {
            if (!_parts.TryGetValue(at, out var parts))
            {
                _parts[at] = parts = PartsOf(at);
            }
            if (parts.Contains(Path.GetFullPath(file)))
            {
                return at.Length == 0 ? "." : at;
            }
        }
        return null;
    }

    private static string? Nearest(string? directory, Dictionary<string, string?> known, Predicate<string> has)
    {
        if (directory is null)
        {
            return null;
        }
        if (!known.TryGetValue(directory, out var nearest))
        {
            known[directory] = nearest = has(directory) ? directory
                : Nearest(Path.GetDirectoryName(directory), known, has);
        }
        return nearest;
    }

    private static HashSet<string> PartsOf(string directory)
    {
        var parts = new HashSet<string>();
        foreach (var file in KustomizationNames.Select(n => Path.Combine(directory, n)).Where(File.Exists))
        {
            var bytes = ManifestFiles.Read(file, ManifestLoader.MaxFileBytes);
            var text = TextCheck.Decode(file, bytes, new DiagnosticBag());
            var reader = new YamlDocumentReader(new SourceText(file, text ?? ""), new DiagnosticBag());
            while (reader.TryRead(out var document))
            {
                parts.UnionWith(Kustomization.Parts(document)
                    .Select(part => Path.GetFullPath(Path.Combine(directory.Length == 0 ? "." : directory, part))));
            }
        }
        return parts;
    }
}
