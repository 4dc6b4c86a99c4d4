using System.Collections.Immutable;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading;
using Dataplane.Kubernetes.Reading.Cluster;

namespace Dataplane.Kubernetes.Loading;

/// <summary>
/// A valid desired state, indexed so that a change is checked by looking at the objects that are added and removed
/// alone. <see cref="ManifestLoader.Combine"/>, which looks at all objects, is the reference: this gives the same
/// result sooner, or none.
/// </summary>
public sealed class ManifestIndex
{
    private static readonly Comparison<KubernetesObject> ByName = static (one, other) =>
        string.CompareOrdinal(one.FullName, other.FullName);

    /// <summary>The number of objects in each namespace; a Deployment is one object.</summary>
    private readonly ImmutableDictionary<string, int> _members;

    /// <summary>Namespaces that objects name and no manifest declares.</summary>
    private readonly ImmutableHashSet<string> _implied;

    /// <summary>Addresses and network namespaces that pods request.</summary>
    private readonly ImmutableHashSet<object> _claims;
    private readonly Ownership _ownership;
    private readonly int _workloadPods;

    /// <summary>The number of workloads with each name: of several kinds, one gives its pods other names.</summary>
    private readonly ImmutableDictionary<string, int> _workloads;

    private ManifestIndex(ManifestSet manifests, ImmutableDictionary<string, int> members,
        ImmutableHashSet<string> implied, ImmutableHashSet<object> claims, Ownership ownership, int workloadPods,
        ImmutableDictionary<string, int> workloads) =>
        (Manifests, _members, _implied, _claims, _ownership, _workloadPods, _workloads) =
        (manifests, members, implied, claims, ownership, workloadPods, workloads);

    public ManifestSet Manifests { get; }

    /// <param name="objects">As <see cref="ManifestDocument.Objects"/> has them.</param>
    /// <param name="manifests">The result of combining them without an error.</param>
    public static ManifestIndex Of(IReadOnlyCollection<KubernetesObject> objects, ManifestSet manifests)
    {
        var members = objects.Where(o => o.Namespace.Length > 0).GroupBy(o => o.Namespace)
            .ToImmutableDictionary(g => g.Key, g => g.Count());
        var implied = manifests.Namespaces.Select(n => n.Name)
            .Except(objects.OfType<NamespaceObject>().Select(n => n.Name));
        var ownership = Ownership.Of(objects);
        return new ManifestIndex(manifests, members, [.. implied], [.. manifests.Pods.SelectMany(Claims)], ownership,
            objects.OfType<WorkloadObject>().Sum(w => ownership.Counting(WorkloadKey.Of(w))?.Count ?? 0),
            objects.OfType<WorkloadObject>().GroupBy(w => w.FullName)
                .ToImmutableDictionary(g => g.Key, g => g.Count()));
    }

    /// <summary>
    /// The state with some objects removed and others added. Objects that stay, and lists without a change, are the
    /// same instances.
    /// </summary>
    /// <param name="gone">Objects of this state.</param>
    /// <param name="come">New objects; one may replace an object of <paramref name="gone"/> with its kind and
    /// name.</param>
    /// <param name="pods">The pods that differ, including those of Deployments and the like.</param>
    /// <returns>Null: the result may be invalid, or the change is of a kind for which all objects have to be
    /// checked.</returns>
    public ManifestIndex? After(IReadOnlyCollection<KubernetesObject> gone, IReadOnlyCollection<KubernetesObject> come,
        out PodDelta pods)
    {
        var ownership = _ownership.With(gone, come);
        var workloads = Workloads(gone, come);
        var changed = new HashSet<string>();
        pods = Changed(gone, come, ownership, changed, out var workloadPods);
        if (workloadPods > ObjectCollector.MaxWorkloadPods
            || changed.Any(w => Math.Max(_workloads.GetValueOrDefault(w), workloads.GetValueOrDefault(w)) > 1)
            || gone.Concat(come).Any(o => o is NodeObject)
            || Claimed(pods) is not { } claims
            || Manifests.Pods.With<PodObject>(pods.Gone, pods.Come, ByName) is not { } all
            || Manifests.NetworkPolicies.With<NetworkPolicyObject>([.. gone.OfType<NetworkPolicyObject>()],
                [.. come.OfType<NetworkPolicyObject>()], ByName) is not { } policies
            || Manifests.TierPolicies.With([.. gone.OfType<TierPolicyObject>()], [.. come.OfType<TierPolicyObject>()],
                ObjectCollector.TierOrder) is not { } tiers
            || Manifests.Services.With<ServiceObject>([.. gone.OfType<ServiceObject>()],
                [.. come.OfType<ServiceObject>()], ByName) is not { } services
            || Manifests.Endpoints.With([.. gone.OfType<EndpointsObject>()], [.. come.OfType<EndpointsObject>()],
                ObjectCollector.EndpointsOrder) is not { } endpoints
            || Namespaces(gone, come) is not { } namespaces)
        {
            return null;
        }
        return new ManifestIndex(new ManifestSet(namespaces.All, all, policies)
        {
            TierPolicies = tiers,
            Nodes = Manifests.Nodes,
            Services = services,
            Endpoints = endpoints,
        }, namespaces.Members, namespaces.Implied, claims, ownership, workloadPods, workloads);
    }

    private ImmutableDictionary<string, int> Workloads(
        IReadOnlyCollection<KubernetesObject> gone, IReadOnlyCollection<KubernetesObject> come)
    {
        var workloads = _workloads;
        foreach (var (workload, more) in gone.OfType<WorkloadObject>().Select(w => (w, -1))
            .Concat(come.OfType<WorkloadObject>().Select(w => (w, 1))))
        {
            var count = workloads.GetValueOrDefault(workload.FullName) + more;
            workloads = count == 0 ? workloads.Remove(workload.FullName)
                : workloads.SetItem(workload.FullName, count);
        }
        return workloads;
    }

    /// <summary>
    /// Pods that are given, and those of workloads that begin or cease to count as their template says.
    /// </summary>
    /// <param name="changed">Takes the names of these workloads.</param>
    private PodDelta Changed(IReadOnlyCollection<KubernetesObject> gone, IReadOnlyCollection<KubernetesObject> come,
        Ownership ownership, HashSet<string> changed, out int workloadPods)
    {
        workloadPods = _workloadPods;
        var leaving = gone.OfType<PodObject>().Where(p => !p.HasEnded).ToList();
        var coming = come.OfType<PodObject>().Where(p => !p.HasEnded).ToList();
        var concerned = _ownership.Concerned(gone).Concat(_ownership.Concerned(come))
            .Concat(ownership.Concerned(gone)).Concat(ownership.Concerned(come));
        foreach (var key in concerned.Distinct().ToList())
        {
            var (before, after) = (_ownership.Counting(key), ownership.Counting(key));
            if (!ReferenceEquals(before, after))
            {
                changed.Add((before ?? after)!.FullName);
                leaving.AddRange(before?.Pods ?? []);
                coming.AddRange(after?.Pods ?? []);
                workloadPods += (after?.Count ?? 0) - (before?.Count ?? 0);
            }
        }
        return new PodDelta(leaving, coming);
    }

    private static IEnumerable<object> Claims(PodObject pod) =>
        pod.HostNetwork ? [] : pod.NetnsName is { } netns
            ? pod.RequestedAddresses.Append<object>(netns) : pod.RequestedAddresses;

    private ImmutableHashSet<object>? Claimed(PodDelta pods)
    {
        var claims = _claims.Except(pods.Gone.SelectMany(Claims));
        var before = claims.Count;
        object[] more = [.. pods.Come.SelectMany(Claims)];
        claims = claims.Union(more);
        return claims.Count == before + more.Length ? claims : null;
    }

    private (IReadOnlyList<NamespaceObject> All, ImmutableDictionary<string, int> Members,
        ImmutableHashSet<string> Implied)? Namespaces(
        IReadOnlyCollection<KubernetesObject> gone, IReadOnlyCollection<KubernetesObject> come)
    {
        var (members, implied) = (_members, _implied);
        foreach (var (obj, more) in gone.Select(o => (o, -1)).Concat(come.Select(o => (o, 1)))
            .Where(o => o.o.Namespace.Length > 0))
        {
            var count = members.GetValueOrDefault(obj.Namespace) + more;
            members = count == 0 ? members.Remove(obj.Namespace) : members.SetItem(obj.Namespace, count);
        }
        var declared = come.OfType<NamespaceObject>().ToDictionary(n => n.Name);
        var undeclared = gone.OfType<NamespaceObject>().Select(n => n.Name).ToHashSet();
        var (leaving, coming) = (new List<NamespaceObject>(), new List<NamespaceObject>());
        foreach (var place in gone.Concat(come).DistinctBy(o => o is NamespaceObject ? o.Name : o.Namespace))
        {
            var name = place is NamespaceObject ? place.Name : place.Namespace;
            if (name.Length == 0)
            {
                continue;
            }
            var now = Manifests.Namespaces.Named(name, n => n.Name);
            var next = declared.GetValueOrDefault(name) is { } written ? written
                : now is not null && !undeclared.Contains(name)
                    && (!_implied.Contains(name) || members.ContainsKey(name)) ? now
                : members.ContainsKey(name) ? NamespaceReader.Implied(name, place.Position) : null;
            implied = next is null || declared.ContainsKey(name) ? implied.Remove(name) : ReferenceEquals(next, now)
                ? implied : implied.Add(name);
            if (ReferenceEquals(now, next))
            {
                continue;
            }
            leaving.AddRange(now is null ? [] : [now]);
            coming.AddRange(next is null ? [] : [next]);
        }
        return Manifests.Namespaces.With<NamespaceObject>(leaving, coming, ByName) is { } all
            ? (all, members, implied) : null;
    }
}

/// <summary>Pods that differ between two states; a pod that was replaced is in both lists.</summary>
public sealed record PodDelta(IReadOnlyList<PodObject> Gone, IReadOnlyList<PodObject> Come)
{
    public bool IsEmpty => Gone.Count == 0 && Come.Count == 0;
}
