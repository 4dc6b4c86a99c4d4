using Dataplane.Policy.Model;

namespace Dataplane.Policy.Matrix;

/// <summary>The rows and the columns of a matrix: each pods by name, then the others by name.</summary>
public sealed record MatrixEnds(IReadOnlyList<Endpoint> Sources, IReadOnlyList<Endpoint> Destinations)
{
    /// <summary>Every pod, and addresses outside, as rows and as columns.</summary>
    public static MatrixEnds All(Cluster cluster, IEnumerable<ExternalEndpoint> externals)
    {
        var all = Sorted([.. cluster.Pods, .. externals]);
        return new MatrixEnds(all, all);
    }

    /// <summary>Without repeats.</summary>
    public static IReadOnlyList<Endpoint> Sorted(IEnumerable<Endpoint> endpoints) =>
    [
        .. endpoints.Distinct().OrderBy(endpoint => endpoint is not PodEndpoint)
            .ThenBy(endpoint => endpoint.Name, StringComparer.Ordinal),
    ];
}
