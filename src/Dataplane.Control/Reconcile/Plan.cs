using System.Collections.Immutable;
using Dataplane.Control.Refusals;
using Dataplane.Control.State;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Objects;
using Dataplane.Planning;
using Dataplane.Policy.Model;

namespace Dataplane.Control.Reconcile;

/// <summary>A desired state whose objects go together, and the cluster that it describes. Immutable.</summary>
internal sealed class Plan
{
    /// <summary>
    /// Changes of more objects than this, and of more than half of all, are planned from the whole state, which is
    /// cheaper for each object.
    /// </summary>
    private const int Many = 256;

    private readonly ManifestIndex _index;
    private readonly ClusterResult _built;

    /// <summary>Part of the cluster and not of the state.</summary>
    private readonly IReadOnlyList<KubernetesObject> _builtIn;

    /// <summary>The Services of the state.</summary>
    private readonly int _services;

    /// <summary>The pods of attachments, by name, as they are part of the cluster.</summary>
    private readonly ImmutableDictionary<string, PodObject> _bound;

    private Plan(DesiredState state, ManifestIndex index, ClusterResult built,
        IReadOnlyList<KubernetesObject> builtIn, int services, ImmutableDictionary<string, PodObject> bound) =>
        (State, _index, _built, _builtIn, _services, _bound) =
        (state with { Leases = built.Leases }, index, built, builtIn, services, bound);

    public DesiredState State { get; }

    public Cluster Cluster => _built.Cluster!;

    /// <summary>
    /// Plans the whole state. This is the reference: <see cref="After(StateChange, NodeOptions)"/> must give the same.
    /// </summary>
    /// <exception cref="RefusalException">The objects do not go together.</exception>
    public static Plan Of(DesiredState state, NodeOptions node) => Whole(state, node, null, null);

    /// <param name="before">Whose pods that go terminate where their programs run; null: none goes.</param>
    /// <param name="grace">See <see cref="EndingPod.GraceSeconds"/>.</param>
    private static Plan Whole(DesiredState state, NodeOptions node, Plan? before, int? grace)
    {
        var services = state.Objects.Values.Count(o => o.Object is ServiceObject);
        var builtIn = BuiltIn(state, services, node);
        try
        {
            return Of(state, node, builtIn, services, before, grace, closed: false);
        }
        catch (RefusalException) when (builtIn.Count > 0 && !state.Leases.Pods.ContainsKey(BuiltInObjects.Pod))
        {
            // Where there is no room for them, all others are enforced without. Once they are there, they stay, and
            // it is the others that find no room.
            return Of(state, node, [], services, before, grace, closed: false);
        }
        catch (RefusalException) when (before is not null && state.Programs.IsRunning)
        {
            // Pods that terminate make room for those that are to be.
            return Of(state, node, builtIn, services, before, grace, closed: true);
        }
    }

    private static Plan Of(DesiredState state, NodeOptions node, IReadOnlyList<KubernetesObject> builtIn, int services,
        Plan? before, int? grace, bool closed)
    {
        var bound = state.Attachments.Where(a => !state.Gone.Contains(a.Key))
            .ToImmutableDictionary(a => a.Key, a => a.Value.Bind(Declared(state, a.Key)));
        List<KubernetesObject> objects =
        [
            .. state.Objects.Where(o => !IsAttached(state, o.Key)).Select(o => o.Value.Object), .. bound.Values,
            .. builtIn,
        ];
        var loaded = ManifestLoader.Combine(objects);
        if (before is not null) state = After(state, loaded.Manifests, before, grace);
        if (closed) state = state with { Programs = state.Programs.Close(state.Programs.Ending.Keys) };
        var manifests = ProgrammedPods.Of(state, loaded.Manifests, before?.Cluster);
        var planned = Planner.Plan(loaded with { Manifests = manifests }, node, state.Leases);
        return planned.Cluster is null
            ? throw RefusalException.Invalid([.. planned.Diagnostics.Where(d => d.Severity == Severity.Error)])
            : new Plan(state, ManifestIndex.Of(objects, loaded.Manifests), planned, builtIn, services, bound);
    }

    /// <summary>The plan after a change; this plan itself where the change does nothing.</summary>
    /// <exception cref="RefusalException">The objects do not go together.</exception>
    public Plan After(StateChange change, NodeOptions node)
    {
        if (!change.Differs) return this;
        if (change.Restarts is { } restarts) return Restarted(restarts, change.GraceSeconds, node);
        var next = new DesiredState(State.Generation + 1, change.Objects, State.Leases)
        {
            Lost = change.IsComplete ? null : State.Lost,
            Attachments = change.Attachments ?? State.Attachments,
            Gone = change.Gone ?? State.Gone,
            Stored = change.Stored ?? State.Stored,
            Restarts = change.Restarts ?? State.Restarts,
            Programs = State.Programs,
        };
        var isLarge = change.Touched.Count > Math.Max(Many, change.Objects.Count / 2);
        return (isLarge ? null : Changed(next, change, node)) ?? Whole(next, node, this, change.GraceSeconds);
    }

    /// <summary>The plan when something is known of programs; this plan itself where nothing new is.</summary>
    /// <exception cref="RefusalException">The objects do not go together any more.</exception>
    public Plan After(ProgramNews news, NodeOptions node)
    {
        var (ready, programs) = (State.Programs.Ready.ToBuilder(), State.Programs);
        foreach (var (pod, isReady) in news.Ready)
        {
            if (isReady) ready.Add(pod);
            else ready.Remove(pod);
        }
        programs = programs with { Ready = ready.ToImmutable(), Ending = programs.Ending.RemoveRange(news.Gone) };
        if (programs == State.Programs) return this;
        var next = State with { Programs = programs };
        return WithPrograms(next, node);
    }

    /// <summary>The plan when pods that stay end, and come again.</summary>
    private Plan Restarted(ImmutableDictionary<string, int> restarts, int? grace, NodeOptions node)
    {
        var names = restarts.Where(r => State.Restarts.GetValueOrDefault(r.Key) != r.Value)
            .Select(r => r.Key).ToHashSet();
        var documents = Documents(State, State.Objects.Keys);
        var next = ProgrammedPods.Restart(State with { Generation = State.Generation + 1, Restarts = restarts },
            Cluster.Pods.Where(p => names.Contains(p.Name)).Select(p => p.Pod), p => DocumentOf(p, documents), grace);
        return WithPrograms(next, node);
    }

    /// <summary>The plan of a state with the same objects, of whose programs something else is known.</summary>
    private Plan WithPrograms(DesiredState next, NodeOptions node)
    {
        var pods = ProgrammedPods.Delta(State, next, Cluster, new PodDelta([], []), _index.Manifests);
        var manifests = ProgrammedPods.WithNamespaces(next, _index.Manifests, Cluster);
        return ClusterBuilder.Update(_built, manifests, pods, node) is { } built
            ? new Plan(next, _index, built, _builtIn, _services, _bound) : Of(next, node);
    }

    /// <summary>The same plan with another generation.</summary>
    public Plan Numbered(long generation) =>
        new(State with { Generation = generation }, _index, _built, _builtIn, _services, _bound);

    private static IReadOnlyList<KubernetesObject> BuiltIn(DesiredState state, int services, NodeOptions node) =>
        BuiltInObjects.Beside(
            services > 0, node, (kind, name) => state.Objects.ContainsKey(new ObjectKey(kind, name)));

    /// <summary>Null: only the whole state can tell.</summary>
    private Plan? Changed(DesiredState next, StateChange change, NodeOptions node)
    {
        var (gone, come, bound) = (new List<KubernetesObject>(), new List<KubernetesObject>(), _bound);
        foreach (var key in change.Touched)
        {
            var old = ObjectOf(State, key, _bound);
            if (key.Kind == ObjectKinds.Pod.Name) bound = Bound(bound, next, key);
            var now = ObjectOf(next, key, bound);
            if (ReferenceEquals(old, now)) continue;
            if (old is not null) gone.Add(old);
            if (now is not null) come.Add(now);
        }
        var services = _services + come.OfType<ServiceObject>().Count() - gone.OfType<ServiceObject>().Count();
        var builtIn = BuiltIn(next, services, node);
        gone.AddRange(_builtIn.Except(builtIn));
        come.AddRange(builtIn.Except(_builtIn));
        if (_index.After(gone, come, out var pods) is not { } index) return null;
        var documents = new Lazy<ILookup<string, HeldDocument>>(() => Documents(State, change.Touched));
        next = ProgrammedPods.After(next, Cluster, pods.Gone, pods.Come, p => DocumentOf(p, documents.Value),
            [.. change.Touched.Where(k => !next.Objects.ContainsKey(k))], change.GraceSeconds);
        return ClusterBuilder.Update(_built, ProgrammedPods.WithNamespaces(next, index.Manifests, Cluster),
            ProgrammedPods.Delta(State, next, Cluster, pods, index.Manifests), node) is { } built
            ? new Plan(next, index, built, builtIn, services, bound) : null;
    }

    /// <summary>The state after the pods of a plan, as far as manifests do not declare them any more.</summary>
    private static DesiredState After(DesiredState next, ManifestSet manifests, Plan before, int? grace)
    {
        if (!next.Programs.IsRunning) return next;
        var documents = new Lazy<ILookup<string, HeldDocument>>(
            () => Documents(before.State, before.State.Objects.Keys));
        return ProgrammedPods.After(next, before.Cluster, before._index.Manifests.Pods, manifests.Pods,
            p => DocumentOf(p, documents.Value),
            [.. before.State.Objects.Keys.Where(k => !next.Objects.ContainsKey(k))], grace);
    }

    /// <summary>The documents that declare objects, by file.</summary>
    private static ILookup<string, HeldDocument> Documents(DesiredState state, IEnumerable<ObjectKey> objects) =>
        objects.Select(k => state.Objects.GetValueOrDefault(k)?.From).OfType<HeldDocument>().Distinct()
            .ToLookup(d => d.File);

    /// <summary>Of a pod of a workload: that of the template.</summary>
    private static HeldDocument? DocumentOf(PodObject pod, ILookup<string, HeldDocument> documents) =>
        documents[pod.Position.File].Where(d => d.FirstLine <= pod.Position.Line).MaxBy(d => d.FirstLine);

    private ImmutableDictionary<string, PodObject> Bound(
        ImmutableDictionary<string, PodObject> bound, DesiredState next, ObjectKey pod)
    {
        var before = State.Attachments.GetValueOrDefault(pod.Name);
        var now = next.Attachments.GetValueOrDefault(pod.Name);
        if (now is null || next.Gone.Contains(pod.Name)) return bound.Remove(pod.Name);
        var (declared, earlier) = (Declared(next, pod.Name), Declared(State, pod.Name));
        // What stays as it is stays the same object.
        return ReferenceEquals(before, now) && ReferenceEquals(declared, earlier) && bound.ContainsKey(pod.Name)
            ? bound : bound.SetItem(pod.Name, now.Bind(declared));
    }

    /// <summary>What the cluster has of this name; null: nothing.</summary>
    private static KubernetesObject? ObjectOf(
        DesiredState state, ObjectKey key, ImmutableDictionary<string, PodObject> bound) =>
        IsAttached(state, key) ? bound.GetValueOrDefault(key.Name) : state.Objects.GetValueOrDefault(key)?.Object;

    private static bool IsAttached(DesiredState state, ObjectKey key) =>
        key.Kind == ObjectKinds.Pod.Name && state.Attachments.ContainsKey(key.Name);

    private static PodObject? Declared(DesiredState state, string pod) =>
        state.Objects.GetValueOrDefault(new ObjectKey(ObjectKinds.Pod.Name, pod))?.Object as PodObject;
}
