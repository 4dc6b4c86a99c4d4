using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Warnings;

/// <summary>
/// What valid manifests probably do not mean as they are written. Every finding is a warning with one of the
/// <see cref="SemanticCodes"/>; the caller leaves out the codes to ignore.
/// </summary>
/// <remarks>
/// Manifests are often a part of what runs, so a check is silent where pods that are not given could be the answer:
/// without any pods nothing is said about what selectors match.
/// </remarks>
public static class SemanticWarnings
{
    private static readonly Func<Scene, IEnumerable<Diagnostic>>[] Checks =
    [
        PeersMeanOr.Find, PeerMatchesNothing.Find, EgressWithoutRules.Find, BlockCoversPods.Find, NoDns.Find,
            SelectsNothing.Find, UnknownPortName.Find, ShadowedRules.Find, ShadowedTierRules.Find, ChangesNothing.Find,
            ServicePorts.Find, EqualPriorities.Find, EmptyMeansMuch.Find,
            ContestedFrontends.Find, ServiceWithoutEndpoints.Find, EndpointsWithoutService.Find,
    ];

    /// <summary>All findings, by file, line and column.</summary>
    /// <param name="sources">The texts of the manifests, by file: with them findings carry the edits that their help
    /// describes.</param>
    public static IReadOnlyList<Diagnostic> Find(Cluster cluster,
        IReadOnlyDictionary<string, SourceText>? sources = null)
    {
        var scene = new Scene(cluster, sources ?? new Dictionary<string, SourceText>());
        return [.. Checks.SelectMany(check => check(scene))
            .OrderBy(d => d.Position.File, StringComparer.Ordinal).ThenBy(d => d.Position.Line)
                .ThenBy(d => d.Position.Column)
            .ThenBy(d => d.Code, StringComparer.Ordinal)];
    }
}
