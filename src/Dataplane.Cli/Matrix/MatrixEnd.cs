using Dataplane.Policy.Model;

namespace Dataplane.Cli.Matrix;

/// <summary>A row or a column: an endpoint, or replicas of one workload that answer alike.</summary>
/// <param name="Name">The endpoint; of several the first.</param>
/// <param name="Workload"><c>namespace/workload</c>; null for pods that no workload makes, and for addresses.</param>
internal readonly record struct MatrixEnd(string Name, string? Workload)
{
    /// <summary>Number of endpoints.</summary>
    public int Count { get; init; } = 1;

    /// <summary>True if these are all endpoints of the workload that the matrix has.</summary>
    public bool IsWhole { get; init; }

    /// <summary>The namespace of a pod; null for an address and the node.</summary>
    public string? Namespace => Name.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? Name[..slash] : null;

    /// <summary>
    /// <c>shop/web-0</c>; <c>shop/web ×3</c> for all three replicas, <c>shop/web-0 +1</c> for it and one
    /// of the others.
    /// </summary>
    public string Text => Count == 1 ? Name : IsWhole ? $"{Workload} ×{Count}" : $"{Name} +{Count - 1}";

    public static MatrixEnd Of(Endpoint endpoint) =>
        new(endpoint.Name, endpoint is PodEndpoint { Pod: { Workload: { } workload } pod }
            ? $"{pod.Namespace}/{workload}" : null);

    public override string ToString() => Text;
}
