using Dataplane.Control.State;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Objects;
using Dataplane.Planning;
using Dataplane.Policy.Model;

namespace Dataplane.Control.Reconcile;

/// <summary>
/// Pods as they are planned: what manifests say, and what is known of their programs. A pod that goes while programs
/// run in it stays until they have ended, and one of its name waits. It only computes.
/// </summary>
internal static class ProgrammedPods
{
    private static readonly HashSet<string> OfAll = [ObjectKinds.AdminNetworkPolicy.Name,
        ObjectKinds.BaselineAdminNetworkPolicy.Name, ObjectKinds.ClusterNetworkPolicy.Name];

    /// <summary>Whether its programs are run by this daemon: not those of a container, nor the name server.</summary>
    public static bool IsRun(DesiredState state, PodObject pod) => state.Programs.IsRunning
        && !state.Attachments.ContainsKey(pod.FullName) && !BuiltInObjects.IsPod(pod);

    /// <summary>
    /// The manifests of a whole state: its pods are those that do not wait and those that terminate, and its namespaces
    /// those of both.
    /// </summary>
    /// <param name="before">The cluster before; null: there was none, and nothing terminates.</param>
    public static ManifestSet Of(DesiredState state, ManifestSet manifests, Cluster? before)
    {
        var programs = state.Programs;
        if (!programs.IsRunning) return manifests;
        List<PodObject> pods = [.. manifests.Pods
            .Where(p => !programs.Ending.ContainsKey(p.FullName) && !programs.Waiting.Contains(p.FullName))
            .Select(p => Known(state, p)), .. Attached(programs).Select(e => Told(state, e.Pod))];
        if (programs.Ending.Count > 0) pods.Sort((a, b) => string.CompareOrdinal(a.FullName, b.FullName));
        return WithNamespaces(state, manifests, before) with { Pods = pods };
    }

    /// <summary>With the namespaces, as they were, of pods that terminate.</summary>
    public static ManifestSet WithNamespaces(DesiredState state, ManifestSet manifests, Cluster? before)
    {
        var missing = Attached(state.Programs).Select(e => e.Pod.Namespace).Distinct()
            .Where(n => manifests.Namespaces.Named(n, o => o.Name) is null)
            .Select(n => before?.Namespaces.GetValueOrDefault(n)).OfType<NamespaceObject>().ToList();
        return missing.Count == 0 ? manifests : manifests with
        {
            Namespaces = [.. manifests.Namespaces.Concat(missing).OrderBy(n => n.Name, StringComparer.Ordinal)],
        };
    }

    /// <summary>The state after pods of manifests have gone and come: those that go terminate.</summary>
    /// <param name="next">With what is known of programs before.</param>
    /// <param name="cluster">Before.</param>
    /// <param name="gone">Pods of manifests, as <paramref name="come"/>.</param>
    /// <param name="documentOf">The document that declares a pod that goes.</param>
    /// <param name="removed">Objects that are not there any more.</param>
    /// <param name="grace">See <see cref="EndingPod.GraceSeconds"/>.</param>
    public static DesiredState After(DesiredState next, Cluster cluster, IEnumerable<PodObject> gone,
        IReadOnlyCollection<PodObject> come, Func<PodObject, HeldDocument?> documentOf,
        IReadOnlyCollection<ObjectKey> removed, int? grace)
    {
        if (!next.Programs.IsRunning) return next;
        var staying = come.Select(p => p.FullName).ToHashSet();
        var (ending, waiting) = (next.Programs.Ending.ToBuilder(), next.Programs.Waiting.Union(staying));
        foreach (var pod in gone.Where(p => !staying.Contains(p.FullName)))
        {
            waiting = waiting.Remove(pod.FullName);
            if (!IsRun(next, pod) || ending.ContainsKey(pod.FullName)
                || cluster.Pods.Named(pod.FullName, p => p.Name) is not { } there
                || documentOf(pod) is not { } document)
            {
                continue;
            }
            ending.Add(pod.FullName,
                new EndingPod(there.Pod with { IsTerminating = true }, document) { GraceSeconds = grace });
        }
        var programs = next.Programs with { Ending = ending.ToImmutable() };
        return next with
        {
            Programs = programs.Close(Bared(programs, removed)) with
            {
                Waiting = waiting.Where(programs.Ending.ContainsKey).ToHashSet() is { Count: > 0 } left
                    ? [.. left] : [],
            },
        };
    }

    /// <summary>The state after pods were told to end that stay declared: each waits for itself.</summary>
    /// <inheritdoc cref="After"/>
    public static DesiredState Restart(DesiredState next, IEnumerable<PodObject> pods,
        Func<PodObject, HeldDocument?> documentOf, int? grace)
    {
        var (ending, waiting) = (next.Programs.Ending.ToBuilder(), next.Programs.Waiting.ToBuilder());
        foreach (var pod in pods)
        {
            if (!IsRun(next, pod) || ending.ContainsKey(pod.FullName) || documentOf(pod) is not { } document) continue;
            ending.Add(pod.FullName, new EndingPod(pod with { IsTerminating = true },
                document) { GraceSeconds = grace });
            waiting.Add(pod.FullName);
        }
        return next with
        {
            Programs = next.Programs with { Ending = ending.ToImmutable(), Waiting = waiting.ToImmutable() },
        };
    }

    /// <summary>What changes about the pods of the cluster.</summary>
    /// <param name="pods">What changes about those of manifests.</param>
    /// <param name="manifests">Of the state after.</param>
    public static PodDelta Delta(DesiredState before, DesiredState next, Cluster cluster, PodDelta pods,
        ManifestSet manifests)
    {
        if (!next.Programs.IsRunning) return pods;
        var given = pods.Gone.Concat(pods.Come).Select(p => p.FullName).ToHashSet();
        var (gone, come) = (new List<PodObject>(), new List<PodObject>());
        foreach (var name in given.Union(Differing(before.Programs, next.Programs)))
        {
            var was = cluster.Pods.Named(name, p => p.Name)?.Pod;
            var (now, isGiven) = (Planned(next, name, manifests), given.Contains(name));
            // One that terminates stays as it is, whatever comes after it.
            if (was is not null && now is not null && (!isGiven || before.Programs.Ending.ContainsKey(name))
                && (was.IsReady, was.IsTerminating) == (now.IsReady, now.IsTerminating))
            {
                continue;
            }
            if (was is not null) gone.Add(was);
            if (now is not null) come.Add(now);
        }
        return new PodDelta(gone, come);
    }

    private static PodObject? Planned(DesiredState state, string name, ManifestSet manifests) =>
        state.Programs.Ending.TryGetValue(name, out var ending)
            ? ending.HasNetwork ? Told(state, ending.Pod) : null
        : state.Programs.Waiting.Contains(name) ? null
        : manifests.Pods.Named(name, p => p.FullName) is { } pod ? Known(state, pod) : null;

    /// <summary>The pod with what is known of its programs; itself where that is what its manifest says.</summary>
    private static PodObject Known(DesiredState state, PodObject pod) => IsRun(state, pod) ? Told(state, pod) : pod;

    private static PodObject Told(DesiredState state, PodObject pod) =>
        state.Programs.Ready.Contains(pod.FullName) == pod.IsReady ? pod : pod with { IsReady = !pod.IsReady };

    /// <summary>Pods that terminate, and that a policy may have isolated which goes before their programs have
    /// ended.</summary>
    private static List<string> Bared(ProgramState programs, IReadOnlyCollection<ObjectKey> removed)
    {
        if (programs.Ending.Count == 0) return [];
        var isAny = removed.Any(k => OfAll.Contains(k.Kind));
        var namespaces = removed.Where(k => k.Kind == ObjectKinds.NetworkPolicy.Name)
            .Select(k => k.Name.Split('/')[0]).ToHashSet();
        return [.. Attached(programs).Where(e => isAny || namespaces.Contains(e.Pod.Namespace))
            .Select(e => e.Pod.FullName)];
    }

    private static IEnumerable<string> Differing(ProgramState before, ProgramState next)
    {
        if (ReferenceEquals(before, next)) return [];
        var ready = ReferenceEquals(before.Ready, next.Ready) ? [] : before.Ready.SymmetricExcept(next.Ready);
        return ready.Concat(before.Ending.Keys).Concat(next.Ending.Keys).Concat(before.Waiting).Concat(next.Waiting);
    }

    private static IEnumerable<EndingPod> Attached(ProgramState programs) =>
        programs.Ending.Values.Where(e => e.HasNetwork);
}
