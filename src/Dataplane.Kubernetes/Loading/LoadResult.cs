using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Loading;

/// <summary>The result of a load.</summary>
/// <param name="Manifests">What could be read without an error. Where a diagnostic is an error, it is fit for warnings
/// only, with regard to <see cref="ManifestSet.Unseen"/>.</param>
public sealed record LoadResult(ManifestSet Manifests, IReadOnlyList<Diagnostic> Diagnostics)
{
    public bool HasErrors => Diagnostics.Any(d => d.Severity == Severity.Error);

    /// <summary>The YAML documents in the order they were read, without those that hold nothing but comments.</summary>
    public IReadOnlyList<ManifestDocument> Documents { get; init; } = [];

    /// <summary>
    /// The texts that were read, by file name, so that diagnostics can show the lines they are about.
    /// </summary>
    public IReadOnlyDictionary<string, SourceText> Sources { get; init; } = new Dictionary<string, SourceText>();

    /// <summary>All diagnostics as plain text, separated by blank lines; empty where there are none.</summary>
    public string Report() => string.Join('\n', Diagnostics.Select(d => DiagnosticRenderer.Render(d, Sources)));
}
