using Dataplane.Policy.Model;
using Dataplane.Policy.Services;

namespace Dataplane.Services.Names;

/// <summary>
/// The names of a cluster that changes. A step costs what differs, and the headless Services of namespaces whose pods
/// do. Not for several threads.
/// </summary>
public sealed class ClusterNames
{
    private readonly NameTable _table = new();
    private Cluster? _cluster;

    /// <inheritdoc cref="NameTable.Records"/>
    public IReadOnlyCollection<NameRecord> Records => _table.Records;

    /// <summary>What changes from the cluster before, of which this is a later state, to this one.</summary>
    public NameChange MoveTo(Cluster next)
    {
        var pods = ListDelta.Between(_cluster?.Pods ?? [], next.Pods);
        var services = ListDelta.Between(_cluster?.Services ?? [], next.Services);
        foreach (var pod in pods.Removed) _table.Remove(pod);
        foreach (var pod in pods.Added) _table.Put(pod);
        foreach (var service in services.Removed) _table.Remove(service.Name);
        foreach (var service in services.Added) Put(next, service);
        var isListed = !ReferenceEquals(_cluster?.Endpoints, next.Endpoints);
        var namespaces = pods.Removed.Concat(pods.Added).Select(p => p.Pod.Namespace).ToHashSet();
        foreach (var service in next.Services.Where(s => s.Object.IsHeadless))
            if (isListed || namespaces.Contains(service.Object.Namespace)) Put(next, service);
        _cluster = next;
        return _table.Step();
    }

    private void Put(Cluster cluster, PlacedService service) =>
        _table.Put(service, service.Object.IsHeadless ? ServiceEndpoints.Of(cluster, service) : []);
}
