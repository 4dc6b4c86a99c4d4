using System.Net;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Cluster;
using Dataplane.Kubernetes.Reading.Foreign;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Reading;

/// <summary>All objects of a load: finds duplicates, adds the namespaces that are only referred to, sorts.</summary>
internal sealed class ObjectCollector(DiagnosticBag bag)
{
    /// <summary>
    /// Pods that all workloads of a load may make together: a few lines of text must not turn into gigabytes.
    /// </summary>
    public const int MaxWorkloadPods = 100_000;

    /// <summary>By tier, priority and name; kinds last, so that no two are equal.</summary>
    public static readonly Comparison<TierPolicyObject> TierOrder = static (one, other) =>
        one.Tier.CompareTo(other.Tier) is var tier and not 0
            ? tier : one.Priority.CompareTo(other.Priority) is var priority and not 0 ? priority
        : string.CompareOrdinal(one.Name, other.Name) is var name and not 0
            ? name : string.CompareOrdinal(one.Kind, other.Kind);

    /// <summary>By name; Endpoints and a slice may share one.</summary>
    public static readonly Comparison<EndpointsObject> EndpointsOrder = static (one, other) =>
        string.CompareOrdinal(one.FullName, other.FullName) is var name and not 0
            ? name : string.CompareOrdinal(one.Kind, other.Kind);

    private int _workloadPods;
    private readonly Dictionary<(string Kind, string FullName), KubernetesObject> _objects = [];
    private readonly Dictionary<IPAddress, PodObject> _addresses = [];
    private readonly Dictionary<string, PodObject> _namespaces = [];
    private readonly HashSet<KubernetesObject> _broken = [];
    private readonly HashSet<Unseen> _unseen = [];

    /// <summary>Takes note of what the set lacks.</summary>
    public void Miss(Unseen unseen) => _unseen.Add(unseen);

    /// <param name="isBroken">It has an error of its own: it counts for checks between objects and is not part of the
    /// set.</param>
    public void Add(KubernetesObject obj, bool isBroken)
    {
        if (isBroken)
        {
            _broken.Add(obj);
        }
        Add(obj);
    }

    public void Add(KubernetesObject obj)
    {
        if (_objects.TryGetValue((obj.Kind, obj.FullName), out var first))
        {
            bag.Add(new Diagnostic(Codes.DuplicateObject, Severity.Error,
                $"{obj.Kind} {Quote.Of(obj.FullName)} is given twice", obj.Position, 1,
                $"again here; first at {first.Position}",
                "applied one after the other, the second would silently replace the first",
                first.Position.File == obj.Position.File ? "rename one, or remove it"
                    : "rename one, or leave one of the files out with `--exclude`")
            { Related = new RelatedPlace(first.Position, 1, "first here") });
            _unseen.Add(Missing.Of(obj));
            return;
        }
        _objects[(obj.Kind, obj.FullName)] = obj;
        if (obj is PodObject { HostNetwork: false, HasEnded: false } pod)
        {
            Claim(pod);
        }
    }

    private void AddPods(WorkloadObject workload, bool isBroken)
    {
        var (count, name) = (workload.Count, workload.Prefix);
        _workloadPods += count;
        if (_workloadPods > MaxWorkloadPods)
        {
            if (_workloadPods - count <= MaxWorkloadPods)
            {
                bag.Add(new Diagnostic(Codes.TooManyItems, Severity.Error,
                    $"more than {MaxWorkloadPods} pods from the templates of Deployments and the like",
                    workload.Position, Label: "too many with this one", Help: "load them with fewer replicas"));
            }
            _workloadPods = MaxWorkloadPods + 1;
            _unseen.Add(new Unseen(UnseenKinds.Pods, null));
            return;
        }
        var pods = count switch
        {
            0 when workload.HasEnded => "no pod: it has ended",
            0 => "no pod",
            1 => $"the pod {Quote.Of($"{name}-{workload.First}")}",
            _ => $"the {count} pods {Quote.Of($"{name}-{workload.First}")} to "
                + $"{Quote.Of($"{name}-{workload.First + count - 1}")}",
        };
        bag.Add(new Diagnostic(Codes.WorkloadPods, Severity.Note,
            $"{workload.Kind} {Quote.Of(workload.FullName)} counts as {pods}", workload.Position,
            Label: "made from its template")
        {
            Tally = new Tally("pod", count),
        });
        foreach (var pod in workload.Pods)
        {
            Add(pod, isBroken);
        }
    }

    /// <summary>
    /// Adds the pods of the workloads that count by their templates, and says what the others count as.
    /// </summary>
    private void AddPods()
    {
        var ownership = Ownership.Of(_objects.Values);
        var names = new HashSet<string>();
        // The pods of a StatefulSet really have these names, and most others are of Deployments.
        foreach (var workload in _objects.Values.OfType<WorkloadObject>()
            .OrderByDescending(w => w.Kind == ObjectKinds.StatefulSet.Name)
            .ThenByDescending(w => w.Kind == ObjectKinds.Deployment.Name)
            .ThenBy(w => w.Kind, StringComparer.Ordinal).ToList())
        {
            if (ownership.Counting(WorkloadKey.Of(workload)) is not null)
            {
                AddPods(names.Add(workload.FullName) ? workload : workload.Apart, _broken.Contains(workload));
                continue;
            }
            bag.Add(new Diagnostic(Codes.WorkloadPods, Severity.Note,
                $"{workload.Kind} {Quote.Of(workload.FullName)} counts as {ownership.TextFor(workload)} that it owns",
                workload.Position, Label: "not counted again from its template")
            {
                Tally = new Tally("owner", 1),
            });
        }
    }

    /// <summary>
    /// The set of what has no error of its own, with the pods that workloads come to; fit for more than warnings only
    /// when the bag holds no error. Called once.
    /// </summary>
    public ManifestSet ToSet()
    {
        AddPods();
        EndedPods.Report(_objects.Values, bag);
        var all = _objects.Values.Where(o => !_broken.Contains(o)).ToList();
        var namespaces = all.OfType<NamespaceObject>().ToDictionary(n => n.Name);
        foreach (var obj in all.Where(o => o.Namespace.Length > 0))
        {
            namespaces.TryAdd(obj.Namespace, NamespaceReader.Implied(obj.Namespace, obj.Position));
        }
        return new ManifestSet(Sorted(namespaces.Values), Sorted(all.OfType<PodObject>().Where(p => !p.HasEnded)),
            Sorted(all.OfType<NetworkPolicyObject>()))
        {
            TierPolicies = [.. all.OfType<TierPolicyObject>().Order(Comparer<TierPolicyObject>.Create(TierOrder))],
            Nodes = Sorted(all.OfType<NodeObject>()),
            Unseen = [.. _unseen],
            BrokenPolicies = Sorted(_broken.OfType<NetworkPolicyObject>()),
            EndedPods = Sorted(all.OfType<PodObject>().Where(p => p.HasEnded)),
            Services = Sorted(all.OfType<ServiceObject>()),
            Endpoints = [.. all.OfType<EndpointsObject>().Order(Comparer<EndpointsObject>.Create(EndpointsOrder))],
        };
    }

    private void Claim(PodObject pod)
    {
        if (pod.NetnsName is { } netns && !_namespaces.TryAdd(netns, pod))
        {
            var other = _namespaces[netns];
            Break(pod);
            bag.Add(new Diagnostic(Codes.DuplicateAddress, Severity.Error,
                $"pods {Quote.Of(other.FullName)} and {Quote.Of(pod.FullName)} both ask for the network namespace "
                    + $"{Quote.Of(netns)}", pod.Position, 1,
                $"also asked for at {other.Position}", Help: "give each pod its own")
            { Related = new RelatedPlace(other.Position, 1, "asked for here first") });
        }
        // One finding for each other pod: two families of the same two pods are one mistake.
        var taken = pod.RequestedAddresses.Where(a => !_addresses.TryAdd(a, pod)).ToList();
        foreach (var (other, addresses) in taken.GroupBy(a => _addresses[a]).Select(g => (g.Key, g.ToList())))
        {
            Break(pod);
            var both = addresses is [var one]
                ? $"the address {one}" : $"the addresses {string.Join(" and ", addresses)}";
            bag.Add(new Diagnostic(Codes.DuplicateAddress, Severity.Error,
                $"pods {Quote.Of(other.FullName)} and {Quote.Of(pod.FullName)} both ask for {both}",
                pod.Position, 1,
                $"also asked for at {other.Position}", "one would receive what the other may",
                "change one, or leave out status.podIP and status.podIPs")
            { Related = new RelatedPlace(other.Position, 1, "asked for here first") });
        }
    }

    private void Break(PodObject pod)
    {
        _broken.Add(pod);
        _unseen.Add(Missing.Of(pod));
    }

    private static IReadOnlyList<T> Sorted<T>(IEnumerable<T> objects)
        where T : KubernetesObject
        => [.. objects.OrderBy(o => o.FullName, StringComparer.Ordinal)];
}
