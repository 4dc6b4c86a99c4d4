using Dataplane.Daemon.Host;
using Dataplane.Daemon.State;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Objects;
using Dataplane.Planning;
using Dataplane.Policy.Model;

namespace Dataplane.Daemon.Reconcile;

/// <summary>A desired state that holds together, and the cluster it is.</summary>
internal sealed class Plan
{
    /// <summary>To look at everything is cheaper for each object than to follow it: it is for changes of so many objects, and of half of all.</summary>
    private const int Many = 256;

    private readonly ManifestIndex _index;
    private readonly ClusterResult _built;

    private Plan(DesiredState state, ManifestIndex index, ClusterResult built) =>
        (State, _index, _built) = (state with { Leases = built.Leases }, index, built);

    public DesiredState State { get; }

    public Cluster Cluster => _built.Cluster!;

    /// <summary>The state as it is: all objects are looked at. This says what is right; <see cref="After"/> comes to the same.</summary>
    /// <exception cref="ApiProblem">Its objects do not go together.</exception>
    public static Plan Of(DesiredState state, NodeOptions node)
    {
        var objects = state.Objects.Values.Select(o => o.Object).ToList();
        var loaded = ManifestLoader.Combine(objects);
        var planned = Planner.Plan(loaded, node, state.Leases);
        return planned.Cluster is null
            ? throw Problems.Invalid(planned.Diagnostics.Where(d => d.Severity == Severity.Error).ToEntries())
            : new Plan(state, ManifestIndex.Of(objects, loaded.Manifests), planned);
    }

    /// <summary>What a change makes of this; this itself where it changes nothing.</summary>
    /// <exception cref="ApiProblem">The result does not hold together.</exception>
    public Plan After(StateChange change, NodeOptions node)
    {
        if (!change.Differs) return this;
        var next = new DesiredState(State.Generation + 1, change.Objects, State.Leases) { Lost = change.Complete ? null : State.Lost };
        return (change.Touched.Count > Math.Max(Many, change.Objects.Count / 2) ? null : Changed(next, change.Touched, node)) ?? Of(next, node);
    }

    /// <summary>The same with another number.</summary>
    public Plan Numbered(long generation) => new(State with { Generation = generation }, _index, _built);

    /// <summary>Null: only a look at everything can tell.</summary>
    private Plan? Changed(DesiredState next, IReadOnlyCollection<ObjectKey> touched, NodeOptions node)
    {
        var (gone, come) = (new List<KubernetesObject>(), new List<KubernetesObject>());
        foreach (var key in touched)
        {
            var (old, now) = (State.Objects.GetValueOrDefault(key)?.Object, next.Objects.GetValueOrDefault(key)?.Object);
            if (ReferenceEquals(old, now)) continue;
            if (old is not null) gone.Add(old);
            if (now is not null) come.Add(now);
        }
        return _index.After(gone, come, out var pods) is { } index && ClusterBuilder.Update(_built, index.Manifests, pods, node) is { } built
            ? new Plan(next, index, built) : null;
    }
}
