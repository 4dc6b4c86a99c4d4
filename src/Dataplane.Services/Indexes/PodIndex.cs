using System.Net;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;

namespace Dataplane.Services.Indexes;

/// <summary>Pods by the labels that selectors ask for, and by address.</summary>
internal sealed class PodIndex
{
    private static readonly HashSet<PodEndpoint> None = [];

    private readonly Dictionary<(string Namespace, string Key, string Value), HashSet<PodEndpoint>> _byLabel = [];
    private readonly Dictionary<IPAddress, PodEndpoint> _byAddress = [];

    public void Add(PodEndpoint pod)
    {
        foreach (var (key, value) in pod.Pod.Labels)
        {
            var label = (pod.Pod.Namespace, key, value);
            if (!_byLabel.TryGetValue(label, out var pods)) _byLabel[label] = pods = [];
            pods.Add(pod);
        }
        foreach (var address in AddressesOf(pod)) _byAddress[address] = pod;
    }

    public void Remove(PodEndpoint pod)
    {
        foreach (var (key, value) in pod.Pod.Labels)
        {
            var label = (pod.Pod.Namespace, key, value);
            if (_byLabel.TryGetValue(label, out var pods) && pods.Remove(pod) && pods.Count == 0)
                _byLabel.Remove(label);
        }
        foreach (var address in AddressesOf(pod)) _byAddress.Remove(address);
    }

    public bool Has(IPAddress address) => _byAddress.ContainsKey(address);

    /// <summary>The cost is the number of pods with the rarest label of the selector.</summary>
    public IEnumerable<PodEndpoint> SelectedBy(ServiceObject service) =>
        RarestLabel(service) is { } label ? With(service, label).Where(pod => service.Selects(pod.Pod)) : [];

    /// <summary>Of the labels that the selector asks for, the one that the fewest pods have now; null: it asks for
    /// none.</summary>
    public (string Key, string Value)? RarestLabel(ServiceObject service) => service.Selector.Count == 0 ? null
        : service.Selector.Select(l => (l.Key, l.Value)).MinBy(label => With(service, label).Count);

    private HashSet<PodEndpoint> With(ServiceObject service, (string Key, string Value) label) =>
        _byLabel.GetValueOrDefault((service.Namespace, label.Key, label.Value), None);

    /// <summary>A hostNetwork pod has none of its own.</summary>
    public static IEnumerable<IPAddress> AddressesOf(PodEndpoint pod) =>
        pod.IsHostNetwork ? [] : new[] { pod.IPv4, pod.IPv6 }.OfType<IPAddress>();
}
