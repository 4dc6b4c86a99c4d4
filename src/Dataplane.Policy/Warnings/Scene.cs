using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Warnings;

/// <summary>The cluster with indexes that the checks share: which pods a policy, a peer or a selector finds.</summary>
internal sealed class Scene
{
    private readonly Dictionary<KubernetesObject, AddressSet> _subjects = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, AddressSet> _inNamespaces = [];

    private readonly IReadOnlyDictionary<string, SourceText> _sources;

    /// <param name="sources">The texts of the manifests, by file; without them no finding has an edit.</param>
    public Scene(Cluster cluster, IReadOnlyDictionary<string, SourceText> sources)
    {
        Cluster = cluster;
        _sources = sources;
        Space = new AddressSpace(cluster);
        Unseen = new UnseenObjects(cluster);
        foreach (var policy in cluster.NetworkPolicies)
        {
            _subjects[policy] = Space.InNamespace(policy.Namespace).IntersectWith(Space.Selected(policy.PodSelector));
        }
        foreach (var policy in cluster.TierPolicies)
        {
            _subjects[policy] = Pods(policy.Subject.NamespaceSelector, policy.Subject.PodSelector);
        }
        Namespaces =
            [.. cluster.Namespaces.Keys.Union(cluster.Pods.Select(p => p.Pod.Namespace)).Union(Unseen.Namespaces)
                .Order(StringComparer.Ordinal)];
    }

    public Cluster Cluster { get; }

    public AddressSpace Space { get; }

    public UnseenObjects Unseen { get; }

    /// <summary>Every namespace that is declared, has a pod or may have one, by name.</summary>
    public IReadOnlyList<string> Namespaces { get; }

    public bool HasPods => Space.Addresses.Count > 0;

    /// <summary>The text that a place is in; null where it is not at hand.</summary>
    public YamlText? Text(SourcePosition place) =>
        _sources.TryGetValue(place.File, out var source) ? new YamlText(source) : null;

    /// <summary>The pods that a policy is about. The set belongs to the scene: clone it before changing it.</summary>
    public AddressSet Subjects(KubernetesObject policy) => _subjects[policy];

    /// <summary>The pods that both selectors find; a null podSelector finds all.</summary>
    public AddressSet Pods(LabelSelector namespaces, LabelSelector? pods)
    {
        var set = InNamespaces(namespaces).Clone();
        return pods is null ? set : set.IntersectWith(Space.Selected(pods));
    }

    /// <summary>The pods of the namespaces that the selector finds. The set belongs to the scene.</summary>
    public AddressSet InNamespaces(LabelSelector selector)
    {
        var text = selector.Text();
        if (!_inNamespaces.TryGetValue(text, out var set))
        {
            _inNamespaces[text] = set = Space.InNamespaces(selector);
        }
        return set;
    }

    /// <summary>The pods that a peer of a policy means.</summary>
    public AddressSet PodsOf(NetworkPolicyObject policy, NetworkPolicyPeer peer) => peer switch
    {
        { IpBlock: { } block } => Space.Inside(block),
        { NamespaceSelector: { } namespaces } => Pods(namespaces, peer.PodSelector),
        { PodSelector: { } pods } => Space.InNamespace(policy.Namespace).IntersectWith(Space.Selected(pods)),
        _ => Space.Nothing,
    };

    /// <summary>The pods of a set, each once, in the order of the cluster.</summary>
    public IEnumerable<PodObject> PodsOf(AddressSet set)
    {
        PodEndpoint? last = null;
        foreach (var number in set)
        {
            if (number >= Space.Addresses.Count)
            {
                break;
            }
            // The addresses of one pod have neighbouring numbers.
            if (!ReferenceEquals(last, Space.Addresses[number].Pod))
            {
                last = Space.Addresses[number].Pod;
                yield return last.Pod;
            }
        }
    }

    /// <summary>The first pod with hostNetwork that matches: no selector finds those.</summary>
    public PodObject? HostNetworkPod(Predicate<PodObject> matches)
        => Cluster.Pods.FirstOrDefault(p => p.IsHostNetwork && matches(p.Pod))?.Pod;

    /// <summary><c>`a/b`</c>, <c>`a/b` and `a/c`</c>, or the first two and how many more.</summary>
    public string Names(AddressSet set)
    {
        var pods = PodsOf(set).ToList();
        return pods.Count switch
        {
            1 => $"`{pods[0].FullName}`",
            2 => $"`{pods[0].FullName}` and `{pods[1].FullName}`",
            _ => $"`{pods[0].FullName}`, `{pods[1].FullName}` and {pods.Count - 2} more",
        };
    }

    /// <summary>Ingress first: the order of the findings of one policy at one place.</summary>
    public static IReadOnlyList<Direction> Directions { get; } = [Direction.Ingress, Direction.Egress];

    public static Diagnostic Warning(string code, string message, SourcePosition position, int length, string? label,
        string? note, string? help)
        => new(code, Severity.Warning, message, position, length, label, note, help);
}
