using System.Net;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;
using Dataplane.Services.Indexes;
using Dataplane.Services.Pools;
using Dataplane.Services.Tables;

namespace Dataplane.Services.Compilation;

/// <summary>
/// Compiles the Services of clusters, and the ports of the node that lead to pods, to service tables. The cost of an
/// update depends on the difference to the previous cluster, and pools and backends keep their numbers as long as they
/// live. Not thread-safe.
/// </summary>
public sealed class ServiceCompiler
{
    private readonly ServiceNumbers _earlier;
    private readonly Shared _shared;
    private readonly HostPorts _hostPorts;
    private readonly PodIndex _pods = new();
    private readonly ListingIndex _listings = new();
    private readonly Dictionary<string, ServiceNode> _services = [];
    private readonly SelectorIndex<ServiceNode> _selectors;
    private Cluster? _cluster;

    /// <param name="earlier">The numbers that the first cluster is given back; null: none.</param>
    public ServiceCompiler(ServiceNumbers? earlier = null)
    {
        _earlier = earlier ?? ServiceNumbers.None;
        (_shared, _selectors) = (new Shared(_earlier), new SelectorIndex<ServiceNode>(_pods));
        _hostPorts = new HostPorts(_shared);
    }

    /// <summary>The whole table, sorted. The cost depends on the size of the cluster.</summary>
    public ServiceTable Table => Content.Sorted();

    /// <summary>The same in no order, which most of the cost of a large table is.</summary>
    public ServiceTable Content
    {
        get
        {
            var pools = _services.Values.SelectMany(service => service.Pools).Concat(_hostPorts.Pools).ToList();
            return new ServiceTable([.. _shared.Frontends.All], [.. pools.Select(p => p.Entry)],
                [.. pools.SelectMany(p => p.Slots)], [.. _shared.Backends.All], [.. pools.SelectMany(p => p.Sources)],
                [.. _shared.Refused.Items]);
        }
    }

    /// <summary>Compiles a cluster without a previous one.</summary>
    /// <param name="earlier">As for the constructor.</param>
    public static ServiceTable Compile(Cluster cluster, ServiceNumbers? earlier = null)
    {
        var compiler = new ServiceCompiler(earlier);
        compiler.Update(cluster);
        return compiler.Table;
    }

    /// <summary>
    /// Updates the table to a cluster. Objects that stay must be the same instances as before: see
    /// <see cref="ListDelta"/>. If the change cannot be applied, start with a new compiler.
    /// </summary>
    public ServiceChange Update(Cluster next)
    {
        var changes = new Changes();
        var pods = ListDelta.Between(_cluster?.Pods ?? [], next.Pods);
        var (touched, recounted) = (new HashSet<ServiceNode>(), new HashSet<ServiceNode>());
        var hasMoved = _cluster is not null
            && (_cluster.Node != next.Node || _cluster.NodeName != next.NodeName);

        if (_cluster is null) _shared.Numbers.Expect(EarlierPools.Of(next, _earlier.Pools));
        foreach (var pod in pods.Removed) _pods.Remove(pod);
        foreach (var pod in pods.Added) _pods.Add(pod);
        Describe(ListDelta.Between(_cluster?.Services ?? [], next.Services), recounted, changes);
        List(ListDelta.Between(_cluster?.Endpoints ?? [], next.Endpoints), pods, recounted);
        if (hasMoved) recounted.UnionWith(_services.Values);
        Count(pods.Removed, -1, touched, recounted);
        Count(pods.Added, 1, touched, recounted);
        foreach (var service in recounted) Recount(service, next);
        foreach (var pool in touched.Concat(recounted).SelectMany(service => service.Pools))
            pool.Commit(_shared.Backends, changes);
        _hostPorts.Update(pods, changes);

        _shared.Backends.Commit(changes);
        _shared.Frontends.Commit(changes);
        var refused = _shared.Refused.Commit();
        _cluster = next;
        _shared.Numbers.Forget();
        _shared.Backends.ForgetEarlier();
        return new ServiceChange(Half(changes.Removed, refused.Removed), Half(changes.Added, refused.Added));

        static ServiceTable Half(Entries entries, List<IPAddress> refused) =>
            new(entries.Frontends, entries.Pools, entries.Slots, entries.Backends, entries.Sources, refused);
    }

    /// <summary>Services that came, went or are described anew.</summary>
    private void Describe(ListDelta<PlacedService> delta, HashSet<ServiceNode> recounted, Changes changes)
    {
        var replaced = delta.Added.Select(service => service.Name).ToHashSet();
        foreach (var service in delta.Removed)
        {
            var node = _services[service.Name];
            _selectors.Remove(node, service.Object);
            if (replaced.Contains(service.Name)) continue;
            node.Describe(null, changes);
            _services.Remove(service.Name);
        }
        foreach (var service in delta.Added)
        {
            if (!_services.TryGetValue(service.Name, out var node))
                _services[service.Name] = node = new ServiceNode(_shared);
            node.Describe(service, changes);
            _selectors.Add(node, service.Object);
            recounted.Add(node);
        }
    }

    /// <summary>Objects that list addresses, and pods that come to or leave addresses that are listed.</summary>
    private void List(ListDelta<EndpointsObject> delta, ListDelta<PodEndpoint> pods,
        HashSet<ServiceNode> recounted)
    {
        foreach (var listing in delta.Removed) _listings.Remove(listing);
        foreach (var listing in delta.Added) _listings.Add(listing);
        var names = delta.Removed.Concat(delta.Added).Select(ListingIndex.ServiceOf).OfType<string>()
            .Concat(pods.Removed.Concat(pods.Added).SelectMany(PodIndex.AddressesOf)
                .SelectMany(_listings.ServicesAt));
        foreach (var name in names)
            if (_services.TryGetValue(name, out var node)) recounted.Add(node);
    }

    private void Count(IReadOnlyList<PodEndpoint> pods, int by, HashSet<ServiceNode> touched,
        HashSet<ServiceNode> recounted)
    {
        foreach (var pod in pods)
        {
            foreach (var service in _selectors.For(pod.Pod))
            {
                if (recounted.Contains(service) || !service.Object!.Selects(pod.Pod)) continue;
                service.Count(pod, by);
                touched.Add(service);
            }
        }
    }

    private void Recount(ServiceNode service, Cluster next)
    {
        foreach (var pool in service.Pools) pool.Recount();
        foreach (var pod in _pods.SelectedBy(service.Object!)) service.Count(pod, 1);
        foreach (var listing in _listings.Of(service.Object!))
        {
            service.Count(listing, next.NodeName,
                address => _pods.Has(address) || address.Equals(next.Node.AddressIn(address.AddressFamily)));
        }
    }
}
