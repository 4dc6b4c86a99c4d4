using Dataplane.Daemon.Host;
using Dataplane.Daemon.State;
using Dataplane.Kubernetes;
using Dataplane.Node.Addressing;
using Dataplane.Policy;

namespace Dataplane.Daemon.Reconcile;

/// <summary>A desired state that holds together, and the cluster it is.</summary>
internal sealed record Plan(DesiredState State, Cluster Cluster)
{
    /// <summary>The state as it is.</summary>
    /// <exception cref="ApiProblem">Its objects do not go together.</exception>
    public static Plan Of(DesiredState state, NodeOptions node)
    {
        var loaded = ManifestLoader.Combine(state.Objects.Values.Select(o => o.Object));
        if (loaded.HasErrors) throw Problems.Invalid(loaded.Diagnostics.Where(d => d.Severity == Severity.Error).ToEntries());
        var built = ClusterBuilder.Build(loaded.Manifests, node, state.Leases);
        return built.Cluster is { } cluster ? new Plan(state with { Leases = built.Leases }, cluster) : throw Problems.Invalid(built.Diagnostics.ToEntries());
    }

    /// <summary>What a change makes of this; this itself where it changes nothing.</summary>
    /// <exception cref="ApiProblem">The result does not hold together.</exception>
    public Plan After(StateChange change, NodeOptions node) => !change.Differs ? this
        : Of(new DesiredState(State.Generation + 1, change.Objects, State.Leases) { Lost = change.Complete ? null : State.Lost }, node);

    /// <summary>Names of pods with a network of their own.</summary>
    public IEnumerable<string> PodNames => Cluster.Pods.Where(p => !p.IsHostNetwork).Select(p => p.Name);
}
