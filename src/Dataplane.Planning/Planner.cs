using Dataplane.Kubernetes.Loading;
using Dataplane.Policy.Model;

namespace Dataplane.Planning;

/// <summary>
/// From loaded manifests to a cluster: what loading and addressing have to say, and the cluster where neither finds an
/// error.
/// </summary>
public static class Planner
{
    /// <param name="before">An earlier state, whose pods keep the addresses that were assigned to them; null:
    /// none.</param>
    /// <returns>All diagnostics, those of loading first. The cluster is null where one of them is an error.</returns>
    public static ClusterResult Plan(LoadResult loaded, NodeOptions options, Cluster? before = null) =>
        Plan(loaded, () => ClusterBuilder.Build(loaded.Manifests, options, before));

    /// <inheritdoc cref="Plan(LoadResult, NodeOptions, Cluster?)"/>
    /// <param name="leases">Addresses assigned earlier: a pod that has some keeps them.</param>
    public static ClusterResult Plan(LoadResult loaded, NodeOptions options, Leases leases) =>
        Plan(loaded, () => ClusterBuilder.Build(loaded.Manifests, options, leases));

    /// <summary>
    /// As <see cref="Plan(LoadResult, NodeOptions, Cluster?)"/>, but with a cluster of what could be read where loading
    /// finds errors. It is fit for warnings only.
    /// </summary>
    public static ClusterResult PlanReadable(LoadResult loaded, NodeOptions options)
    {
        var built = ClusterBuilder.Build(loaded.Manifests, options);
        // Addresses of a part of the pods say nothing about those of all.
        return loaded.HasErrors ? built with { Diagnostics = loaded.Diagnostics }
            : built with { Diagnostics = [.. loaded.Diagnostics, .. built.Diagnostics] };
    }

    private static ClusterResult Plan(LoadResult loaded, Func<ClusterResult> build)
    {
        if (loaded.HasErrors) return new ClusterResult(null, loaded.Diagnostics);
        var built = build();
        return built with { Diagnostics = [.. loaded.Diagnostics, .. built.Diagnostics] };
    }
}
