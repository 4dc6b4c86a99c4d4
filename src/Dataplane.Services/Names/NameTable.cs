using System.Runtime.InteropServices;
using Dataplane.Policy.Model;
using Dataplane.Policy.Services;

namespace Dataplane.Services.Names;

/// <summary>
/// The DNS records of a cluster. A Service or pod that is put or removed costs what its own records cost; a
/// <see cref="Step"/> yields what all of them changed since the step before. Not for several threads.
/// </summary>
public sealed class NameTable
{
    private readonly Dictionary<string, (PlacedService Service, IReadOnlyList<ServiceEndpoint> Endpoints)> _services =
        [];

    /// <summary>How many Services and pods have a record: two pods of the node's network share theirs.</summary>
    private readonly Dictionary<NameRecord, int> _owners = [];

    /// <summary>The owners before this step, of the records that it touched.</summary>
    private readonly Dictionary<NameRecord, int> _before = [];

    /// <summary>In no order.</summary>
    public IReadOnlyCollection<NameRecord> Records => _owners.Keys;

    /// <summary>A Service, or another state of it.</summary>
    /// <param name="endpoints">All of them, ready or not; none for a Service with an address.</param>
    public void Put(PlacedService service, IReadOnlyList<ServiceEndpoint> endpoints)
    {
        Remove(service.Name);
        _services.Add(service.Name, (service, endpoints));
        Count(ServiceRecords.Of(service, endpoints), 1);
    }

    /// <param name="service">The full name; one that is not there is nothing.</param>
    public void Remove(string service)
    {
        if (_services.Remove(service, out var old)) Count(ServiceRecords.Of(old.Service, old.Endpoints), -1);
    }

    public void Put(PodEndpoint pod) => Count(ServiceRecords.Of(pod), 1);

    /// <param name="pod">One that was put, and not removed since.</param>
    public void Remove(PodEndpoint pod) => Count(ServiceRecords.Of(pod), -1);

    /// <summary>What changed since the last step.</summary>
    public NameChange Step()
    {
        var change = new NameChange(
            [.. _before.Where(b => b.Value > 0 && !_owners.ContainsKey(b.Key)).Select(b => b.Key)],
            [.. _before.Where(b => b.Value == 0 && _owners.ContainsKey(b.Key)).Select(b => b.Key)]);
        _before.Clear();
        return change;
    }

    private void Count(IEnumerable<NameRecord> records, int step)
    {
        foreach (var record in records)
        {
            ref var owners = ref CollectionsMarshal.GetValueRefOrAddDefault(_owners, record, out _);
            _before.TryAdd(record, owners);
            owners += step;
            if (owners == 0) _owners.Remove(record);
        }
    }
}
