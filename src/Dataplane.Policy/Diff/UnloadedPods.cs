using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Diff;

/// <summary>
/// One pod for every selection that the policies of a change make, with the labels that the selection asks for and no
/// others: a stand-in for pods that are not loaded. It takes part in the comparison as any pod does.
/// </summary>
internal sealed class UnloadedPods
{
    /// <summary>Number of stand-ins, at most; each is compared with every other endpoint.</summary>
    private const int Most = 256;

    private static readonly SourcePosition Nowhere = new("", 0, 0);

    private readonly Dictionary<string, NamespaceObject> _namespaces = [];
    private readonly Dictionary<string, UnloadedPod> _byText = [];
    private readonly List<UnloadedPod> _all = [];
    private readonly FreeAddresses _addresses;
    private readonly Cluster _before, _after;

    public UnloadedPods(Cluster before, Cluster after, ChangedPolicies changed)
    {
        (_before, _after) = (before, after);
        _addresses = new FreeAddresses(before, after);
        var (peers, subjects) = (Peers(changed.Relevant), Subjects(changed.Changed));
        foreach (var part in subjects.Where(IsOfNobody).SelectMany(s => s.Split()))
            Add(part, isSubject: true, parent: null);
        foreach (var part in peers.SelectMany(s => s.Split())) Add(part, isSubject: false, parent: null);
        var namespaces = peers.SelectMany(s => s.Namespaces).DistinctBy(r => r.Text()).ToList();
        var pods = peers.SelectMany(s => s.Pods).DistinctBy(r => r.Text()).ToList();
        foreach (var whole in _all.ToList())
        {
            foreach (var part in whole.Selection.Without(namespaces, pods)) Add(part, whole.IsSubject, whole);
        }
    }

    public IReadOnlyList<UnloadedPod> All => _all;

    /// <summary>Number of selections that have no stand-in because there are too many.</summary>
    public int Left { get; private set; }

    /// <summary>The cluster with the stand-ins.</summary>
    public Cluster In(Cluster cluster) => _all.Count == 0 ? cluster : cluster with
    {
        Pods = [.. cluster.Pods, .. _all.Select(unloaded => unloaded.Pod)],
        Namespaces = new Dictionary<string, NamespaceObject>([.. cluster.Namespaces, .. _namespaces]),
    };

    private static List<PodSelection> Peers(IEnumerable<KubernetesObject> policies) =>
        [.. policies.SelectMany(Peers).DistinctBy(selection => selection.Text)];

    private static IEnumerable<PodSelection> Peers(KubernetesObject policy) => policy switch
    {
        NetworkPolicyObject network => network.Ingress.Concat(network.Egress).SelectMany(rule => rule.Peers)
            .Where(peer => peer.IpBlock is null)
            .Select(peer => PodSelection.Of(network.Namespace, peer.NamespaceSelector, peer.PodSelector)),
        TierPolicyObject tier => tier.Ingress.Concat(tier.Egress).SelectMany(rule => rule.Peers)
            .Where(peer => peer.NamespaceSelector is not null)
            .Select(peer => PodSelection.Of(null, peer.NamespaceSelector, peer.PodSelector)),
        _ => [],
    };

    private static List<PodSelection> Subjects(IEnumerable<KubernetesObject> policies) =>
        [.. policies.Select(Subject).DistinctBy(selection => selection.Text)];

    private static PodSelection Subject(KubernetesObject policy) => policy switch
    {
        NetworkPolicyObject network => PodSelection.Of(network.Namespace, null, network.PodSelector),
        TierPolicyObject { Subject: var subject } =>
            PodSelection.Of(null, subject.NamespaceSelector, subject.PodSelector),
        _ => throw new ArgumentOutOfRangeException(nameof(policy), policy.Kind, null),
    };

    private bool IsOfNobody(PodSelection selection) =>
        !_before.Pods.Any(pod => selection.Matches(pod, _before))
            && !_after.Pods.Any(pod => selection.Matches(pod, _after));

    /// <param name="parent">The stand-in for the whole of which the selection is a part; null: it is no part.</param>
    private void Add(PodSelection selection, bool isSubject, UnloadedPod? parent)
    {
        if (_byText.ContainsKey(selection.Text)) return;
        if (PodSelection.Labels(selection.Pods) is not { } labels || NamespaceOf(selection) is not { } ns) return;
        if (_all.Count == Most)
        {
            if (parent is null) Left++;
            return;
        }
        var pod = new PodObject(ns, $"{PodSelection.AnyOther}{_all.Count}", labels, [], false, [], Nowhere);
        var (four, six) = _addresses.Next();
        var unloaded = new UnloadedPod(selection, new PodEndpoint(pod, four, six), isSubject, parent);
        _byText[selection.Text] = unloaded;
        _all.Add(unloaded);
    }

    /// <summary>
    /// A namespace that the selection finds: the one that it names, loaded or not, else one that is not loaded. Null:
    /// no namespace can be found.
    /// </summary>
    private string? NamespaceOf(PodSelection selection)
    {
        if (selection.Own is { } own) return own;
        if (PodSelection.Labels(selection.Namespaces, PodSelection.NameLabel) is not { } labels) return null;
        var name = labels[PodSelection.NameLabel];
        if (name != PodSelection.AnyOther)
        {
            var loaded = new[] { _before, _after }.Where(cluster => cluster.Namespaces.ContainsKey(name)).ToList();
            if (loaded.Count > 0)
            {
                return loaded.Exists(cluster => selection.Namespaces.All(r => r.Matches(cluster.NamespaceLabels(name))))
                    ? name : null;
            }
        }
        // Other labels are another namespace, also where the name is the same.
        var text = $"{PodSelection.AnyOther}{string.Join(',', labels.OrderBy(l => l.Key, StringComparer.Ordinal))}";
        _namespaces.TryAdd(text, new NamespaceObject(text, labels, Nowhere));
        return text;
    }
}

/// <summary>A stand-in for the pods of a selection that are not loaded.</summary>
/// <param name="IsSubject">It stands for the pods that a policy is about, not for a peer.</param>
/// <param name="Parent">The stand-in for the whole of which the selection is a part; null: it is no part.</param>
internal sealed record UnloadedPod(PodSelection Selection, PodEndpoint Pod, bool IsSubject, UnloadedPod? Parent);
