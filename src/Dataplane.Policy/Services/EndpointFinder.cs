using System.Net;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Services;

/// <summary>
/// The endpoints of many Services of one cluster. What a Service has is still said by <see cref="ServiceEndpoints"/>,
/// which looks at every pod; here it sees those only that a label or an address can lead to.
/// </summary>
public sealed class EndpointFinder
{
    private readonly Cluster _cluster;
    private readonly ILookup<(string Namespace, string Key, string Value), int> _byLabel;
    private readonly Dictionary<IPAddress, int> _byAddress = [];
    private readonly ILookup<(string Namespace, string? Service), EndpointsObject> _listings;

    public EndpointFinder(Cluster cluster)
    {
        _cluster = cluster;
        _byLabel = cluster.Pods.Index().SelectMany(p => p.Item.Pod.Labels,
            (p, label) => (p.Index, Label: (p.Item.Pod.Namespace, label.Key, label.Value)))
            .ToLookup(p => p.Label, p => p.Index);
        foreach (var (index, pod) in cluster.Pods.Index())
        {
            foreach (var address in AddressFamilies.All.Select(pod.Address).OfType<IPAddress>())
                _byAddress.TryAdd(address, index);
        }
        _listings = cluster.Endpoints.ToLookup(listing => (listing.Namespace, listing.Service));
    }

    /// <inheritdoc cref="ServiceEndpoints.Of"/>
    public IReadOnlyList<ServiceEndpoint> Of(PlacedService service)
    {
        EndpointsObject[] listings = [.. _listings[(service.Object.Namespace, service.Object.Name)]];
        var listed = from listing in listings
            from subset in listing.Subsets
            from address in subset.Addresses
            where _byAddress.ContainsKey(address.Address)
            select _byAddress[address.Address];
        // In the order of the cluster, in which endpoints are told.
        var pods = Labelled(service.Object).Concat(listed).Distinct().Order().Select(index => _cluster.Pods[index]);
        return ServiceEndpoints.Of(_cluster with { Pods = [.. pods], Endpoints = listings }, service);
    }

    /// <summary>The pods that have the label of the selector that the fewest have.</summary>
    private IEnumerable<int> Labelled(ServiceObject service) => service.Selector.Count == 0 ? []
        : service.Selector.Select(label => _byLabel[(service.Namespace, label.Key, label.Value)])
            .MinBy(pods => pods.Count())!;
}
