using System.Net;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Naming;

/// <summary>
/// The names of one question: those of the cluster, and pods that exist only in the question, which join a cluster of
/// its own.
/// </summary>
/// <param name="networks">Where pods that are not loaded have their addresses.</param>
/// <param name="ns">The namespace of a name without one.</param>
public sealed class QuestionNames(Cluster cluster, PerFamily<IPNetwork> networks, string ns = "default")
{
    private readonly Cluster _loaded = cluster;
    private readonly Dictionary<(string Name, bool IsDestination), EndpointGroup> _assumed = [];
    private Cluster? _withAssumed;

    /// <summary>The cluster with the pods that were found to exist only in the question.</summary>
    public Cluster Cluster => _withAssumed ?? _loaded;

    /// <param name="isDestination">A pod of the question as a destination is not the pod of the same labels as a
    /// source: the one asks about the other.</param>
    public GroupResolution Find(string text, bool isDestination = false)
    {
        if (!AssumedPods.IsWritten(text))
        {
            return EndpointNames.ResolveGroup(_loaded, text, ns);
        }
        var (pod, error) = AssumedPods.Parse(text, ns);
        if (pod is null)
        {
            return new GroupResolution(null, error);
        }
        if (_assumed.TryGetValue((pod.FullName, isDestination), out var known))
        {
            return new GroupResolution(known, null);
        }
        var pods = AssumedPods.At(pod, Cluster, networks);
        if (pods.Count == 0)
        {
            return new GroupResolution(null, $"\"{text}\": the pod networks have no free address for it");
        }
        _withAssumed = Cluster with
        {
            Pods = [.. Cluster.Pods.Concat(pods).OrderBy(p => p.Name, StringComparer.Ordinal)],
        };
        var group = new EndpointGroup(pod.FullName, pods);
        _assumed.Add((pod.FullName, isDestination), group);
        return new GroupResolution(group, null);
    }

    /// <inheritdoc cref="NamedServices.Find"/>
    public PlacedService? Service(string text, out string? error) =>
        NamedServices.Find(_loaded, text, ns, out error);

    /// <summary>What was assumed about pods that exist only in the question, in sentences for the user.</summary>
    public IReadOnlyList<string> Notes()
    {
        if (_assumed.Count == 0)
        {
            return [];
        }
        var names = string.Join(", ", _assumed.Keys.Select(key => key.Name).Distinct());
        var notes = _assumed.Values.Select(group => ((PodEndpoint)group.Ends[0]).Pod.Namespace).Distinct()
            .Where(name => !_loaded.Namespaces.ContainsKey(name))
            .Select(name => $"namespace {name} is not loaded: it counts with its name as its only label; "
                + $"--assume-namespace {name}:k=v gives it others").ToList();
        if (ClusterBlocks.Of(_loaded).Any())
        {
            notes.Add($"{names}: an ipBlock is judged for every address of {networks.IPv4} and {networks.IPv6}");
        }
        if (NamesPorts(_loaded))
        {
            notes.Add($"{names}: declares no ports, so no port of a rule that is a name is its own");
        }
        return notes;
    }

    private static bool NamesPorts(Cluster cluster) =>
        cluster.NetworkPolicies.SelectMany(policy => policy.Ingress.Concat(policy.Egress))
            .Any(rule => rule.Ports.Any(port => port.Name is not null))
        || cluster.TierPolicies.SelectMany(policy => policy.Ingress.Concat(policy.Egress))
            .Any(rule => rule.Ports.Any(port => port.Name is not null));
}
