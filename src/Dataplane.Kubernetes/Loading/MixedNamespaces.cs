using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Loading;

/// <summary>
/// Objects without a namespace beside others that name one: a chart or a directory that was meant for one namespace is
/// then spread over two, and a policy of one does not select pods of the other.
/// </summary>
internal static class MixedNamespaces
{
    /// <summary>Largest number of objects and of namespaces that the note names.</summary>
    private const int MostNames = 5;

    /// <returns>One note, or none.</returns>
    public static IEnumerable<Diagnostic> Of(
        IReadOnlyList<ManifestDocument> documents, IReadOnlyList<KubernetesObject> unplaced)
    {
        if (unplaced.Count == 0) return [];
        var without = unplaced.ToHashSet();
        var others = documents.SelectMany(d => d.Objects)
            .Where(o => o.Namespace is not ("" or MetadataReader.DefaultNamespace) && !without.Contains(o))
            .Select(o => o.Namespace)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        if (others.Count == 0) return [];
        var names = Listed([.. unplaced.Select(o => $"{o.Kind} {Quote.Of(o.Name)}")]);
        var (verb, are, them) = unplaced.Count == 1 ? ("names", "is", "it") : ("name", "are", "them");
        var remedy = others.Count == 1 ? $"-n {others[0]} puts {them} there" : $"-n NAMESPACE places {them}";
        return
        [
            new Diagnostic(Codes.MixedNamespaces, Severity.Note,
                $"{names} {verb} no namespace and {are} in {Quote.Of(MetadataReader.DefaultNamespace)}, while others "
                    + $"are in {Listed([.. others.Select(Quote.Of)])}; {remedy}",
                unplaced[0].Position),
        ];
    }

    private static string Listed(IReadOnlyList<string> names) => names.Count > MostNames
        ? $"{string.Join(", ", names.Take(MostNames))} and {names.Count - MostNames} more"
        : names.Count == 1 ? names[0] : $"{string.Join(", ", names.SkipLast(1))} and {names[^1]}";
}
