using Dataplane.Policy.Model;
using Dataplane.Policy.Services;
using Dataplane.Services.Indexes;

namespace Dataplane.Services.Names;

/// <summary>
/// The names of a cluster that changes. A step costs what differs, and the endpoints of the headless Services that it
/// concerns. Not for several threads.
/// </summary>
public sealed class ClusterNames
{
    private readonly NameTable _table = new();
    private readonly PodIndex _pods = new();
    private readonly ListingIndex _listings = new();
    private readonly SelectorIndex<PlacedService> _selectors;
    private readonly Dictionary<string, PlacedService> _headless = [];
    private Cluster? _cluster;

    public ClusterNames() => _selectors = new SelectorIndex<PlacedService>(_pods);

    /// <inheritdoc cref="NameTable.Records"/>
    public IReadOnlyCollection<NameRecord> Records => _table.Records;

    /// <summary>What changes from the cluster before, of which this is a later state, to this one.</summary>
    public NameChange MoveTo(Cluster next)
    {
        var touched = new HashSet<PlacedService>();
        var pods = ListDelta.Between(_cluster?.Pods ?? [], next.Pods);
        foreach (var pod in pods.Removed) Move(pod, isThere: false);
        foreach (var pod in pods.Added) Move(pod, isThere: true);
        Describe(ListDelta.Between(_cluster?.Services ?? [], next.Services), touched);
        var listings = ListDelta.Between(_cluster?.Endpoints ?? [], next.Endpoints);
        foreach (var listing in listings.Removed) _listings.Remove(listing);
        foreach (var listing in listings.Added) _listings.Add(listing);
        foreach (var name in listings.Removed.Concat(listings.Added).Select(ListingIndex.ServiceOf).OfType<string>())
            if (_headless.TryGetValue(name, out var service)) touched.Add(service);
        foreach (var pod in pods.Removed.Concat(pods.Added))
            touched.UnionWith(_selectors.For(pod.Pod).Where(service => service.Object.Selects(pod.Pod)));
        foreach (var service in touched) _table.Put(service, EndpointsOf(next, service));
        _cluster = next;
        return _table.Step();
    }

    private void Move(PodEndpoint pod, bool isThere)
    {
        if (isThere)
        {
            _table.Put(pod);
            _pods.Add(pod);
        }
        else
        {
            _table.Remove(pod);
            _pods.Remove(pod);
        }
    }

    /// <summary>Services that came, went or are described anew; those with endpoints in their names are touched.
    /// </summary>
    private void Describe(ListDelta<PlacedService> delta, HashSet<PlacedService> touched)
    {
        foreach (var service in delta.Removed)
        {
            _table.Remove(service.Name);
            if (_headless.Remove(service.Name)) _selectors.Remove(service, service.Object);
        }
        foreach (var service in delta.Added)
        {
            if (!service.Object.IsHeadless)
            {
                _table.Put(service, []);
                continue;
            }
            _headless.Add(service.Name, service);
            _selectors.Add(service, service.Object);
            touched.Add(service);
        }
    }

    /// <summary>As if there were no other pods: whose a listed address is, names do not say.</summary>
    private IReadOnlyList<ServiceEndpoint> EndpointsOf(Cluster cluster, PlacedService service) =>
        ServiceEndpoints.Of(cluster with
        {
            Pods = [.. _pods.SelectedBy(service.Object)],
            Endpoints = [.. _listings.Of(service.Object)],
        }, service);
}
