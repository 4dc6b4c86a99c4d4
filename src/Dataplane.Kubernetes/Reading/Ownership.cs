using System.Collections.Immutable;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Reading;

/// <summary>
/// Which workloads count by their templates and which by what they own: a Deployment, its ReplicaSet and its pods may
/// all be loaded, and are the same pods. Immutable.
/// </summary>
internal sealed class Ownership
{
    public static readonly Ownership None = new(
        ImmutableDictionary<WorkloadKey, WorkloadObject>.Empty,
        ImmutableDictionary<WorkloadKey, ImmutableArray<KubernetesObject>>.Empty);

    /// <summary>Levels of owners that are followed; Kubernetes has two.</summary>
    private const int MaxLevels = 16;

    private readonly ImmutableDictionary<WorkloadKey, WorkloadObject> _workloads;

    /// <summary>Objects by each owner that they name, whether it is there or not.</summary>
    private readonly ImmutableDictionary<WorkloadKey, ImmutableArray<KubernetesObject>> _owned;

    private Ownership(ImmutableDictionary<WorkloadKey, WorkloadObject> workloads,
        ImmutableDictionary<WorkloadKey, ImmutableArray<KubernetesObject>> owned) =>
        (_workloads, _owned) = (workloads, owned);

    public static Ownership Of(IEnumerable<KubernetesObject> objects) => None.With([], objects);

    /// <summary>The same with some objects removed and others added.</summary>
    public Ownership With(IEnumerable<KubernetesObject> gone, IEnumerable<KubernetesObject> come)
    {
        var (workloads, owned) = (_workloads.ToBuilder(), _owned.ToBuilder());
        foreach (var obj in gone)
        {
            if (obj is WorkloadObject workload)
            {
                workloads.Remove(WorkloadKey.Of(workload));
            }
            foreach (var owner in WorkloadKey.OwnersOf(obj))
            {
                owned[owner] = owned[owner].Remove(obj);
                if (owned[owner].IsEmpty)
                {
                    owned.Remove(owner);
                }
            }
        }
        var added = new Dictionary<WorkloadKey, List<KubernetesObject>>();
        foreach (var obj in come)
        {
            if (obj is WorkloadObject workload)
            {
                workloads[WorkloadKey.Of(workload)] = workload;
            }
            foreach (var owner in WorkloadKey.OwnersOf(obj))
            {
                (added.TryGetValue(owner, out var list) ? list : added[owner] = []).Add(obj);
            }
        }
        foreach (var (owner, list) in added)
        {
            owned[owner] = owned.TryGetValue(owner, out var before) ? before.AddRange(list) : [.. list];
        }
        return new Ownership(workloads.ToImmutable(), owned.ToImmutable());
    }

    /// <summary>The workload of that key where it is there and counts as its template says; otherwise null.</summary>
    public WorkloadObject? Counting(WorkloadKey key) =>
        _workloads.TryGetValue(key, out var workload) && !CountedFor(workload, MaxLevels).Any() ? workload : null;

    /// <summary>What a workload counts as that does not count as its template says.</summary>
    public string TextFor(WorkloadObject workload)
    {
        var kinds = CountedFor(workload, MaxLevels).GroupBy(o => o.Kind).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => g.ToList());
        return string.Join(" and ", kinds.Select(all => all[0] is PodObject
            ? all.Count == 1 ? $"the pod {Quote.Of(all[0].Name)}" : $"the {all.Count} pods"
            : all.Count == 1 ? $"the {all[0].Kind} {Quote.Of(all[0].Name)}" : $"the {all.Count} {all[0].Kind}s"));
    }

    /// <summary>
    /// Workloads for which <see cref="Counting"/> may have changed because of some objects, and others.
    /// </summary>
    /// <param name="changed">Objects that were removed from this, or are new in it.</param>
    public IEnumerable<WorkloadKey> Concerned(IEnumerable<KubernetesObject> changed)
    {
        foreach (var obj in changed)
        {
            if (obj is WorkloadObject workload)
            {
                var own = WorkloadKey.Of(workload);
                yield return own;
                // A pod may count for its Deployment only as long as its ReplicaSet is not there.
                foreach (var other in OwnedBy(own).SelectMany(WorkloadKey.OwnersOf).Distinct().SelectMany(Above))
                {
                    yield return other;
                }
            }
            foreach (var owner in WorkloadKey.OwnersOf(obj).SelectMany(Above))
            {
                yield return owner;
            }
        }
    }

    /// <summary>A workload and its owners, from below.</summary>
    private IEnumerable<WorkloadKey> Above(WorkloadKey key)
    {
        yield return key;
        var workload = _workloads.GetValueOrDefault(key);
        for (var level = 0; level < MaxLevels && workload is not null; level++)
        {
            workload = OwnerOf(workload);
            if (workload is not null)
            {
                yield return WorkloadKey.Of(workload);
            }
        }
    }

    private ImmutableArray<KubernetesObject> OwnedBy(WorkloadKey key) => _owned.GetValueOrDefault(key, []);

    private IEnumerable<KubernetesObject> CountedFor(WorkloadObject workload, int levels) =>
        OwnedBy(WorkloadKey.Of(workload)).Where(o => ReferenceEquals(OwnerOf(o), workload) && o switch
        {
            // The controller replaces a pod that was evicted; of a Job it means that there is no more to do.
            PodObject pod => !pod.HasEnded || workload.Kind == ObjectKinds.Job.Name,
            WorkloadObject other => levels > 0 && !IsBelow(workload, other) && IsPods(other, levels - 1),
            _ => false,
        });

    /// <summary>Whether a workload comes to any pod, by its template or by what it owns.</summary>
    private bool IsPods(WorkloadObject workload, int levels)
    {
        var counted = CountedFor(workload, levels).ToList();
        return counted.Count == 0 ? workload.Count > 0 : counted.Exists(o => o is not PodObject { HasEnded: true });
    }

    /// <summary>Whether an owner of the workload, near or far, is the other one: two that own each other.</summary>
    private bool IsBelow(WorkloadObject workload, WorkloadObject other)
    {
        var above = OwnerOf(workload);
        for (var level = 0; above is not null; level++)
        {
            if (ReferenceEquals(above, other) || level == MaxLevels)
            {
                return true;
            }
            above = OwnerOf(above);
        }
        return false;
    }

    /// <summary>The loaded workload that owns an object; null where there is none.</summary>
    private WorkloadObject? OwnerOf(KubernetesObject obj)
    {
        foreach (var key in WorkloadKey.OwnersOf(obj))
        {
            if (_workloads.TryGetValue(key, out var found) && (key.Kind != obj.Owner!.Kind
                || found.Uid is null || obj.Owner.Uid is null || found.Uid == obj.Owner.Uid))
            {
                return found;
            }
        }
        return null;
    }
}
