using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Loading;

/// <summary>
/// Objects that name a namespace other than the one that is asked for. A change of them is refused, as kubectl does,
/// because one of the two is a mistake.
/// </summary>
public static class NamespaceConflicts
{
    /// <returns>An error for each object.</returns>
    public static IEnumerable<Diagnostic> Of(LoadResult loaded, string ns) =>
        loaded.Documents.SelectMany(d => d.Objects)
            .Where(o => o.Namespace.Length > 0 && o.Namespace != ns)
            .Select(o => new Diagnostic(Codes.OtherNamespace, Severity.Error,
                $"{o.Kind} {Quote.Of(o.FullName)} is not of namespace {Quote.Of(ns)}, which -n names", o.Position,
                Help: $"leave out -n, or write -n {o.Namespace}"));
}
