using System.Net;
using Dataplane.Linux.Conntrack;
using Dataplane.Policy.Model;
using Dataplane.Services.Tables;

namespace Dataplane.Node.Programming;

/// <summary>
/// The frontends for UDP and the backends behind them, as they are programmed. A step costs what it changes.
/// </summary>
internal sealed class ServingBackends
{
    private readonly Dictionary<BackendNumber, (IPAddress, ushort)> _backends = [];
    private readonly Dictionary<PoolNumber, Dictionary<int, BackendNumber>> _slots = [];

    /// <summary>A port of the node, which both families share, has no address.</summary>
    private readonly Dictionary<(IPAddress? Address, ushort Port), List<PoolNumber>> _pools = [];
    private readonly Dictionary<PoolNumber, List<(IPAddress?, ushort)>> _frontends = [];
    private HashSet<(IPAddress?, ushort)> _touched = [];

    /// <summary>Goes on to the next content.</summary>
    public void Update(ServiceChange change)
    {
        foreach (var slot in change.Removed.Slots)
            if (SlotsOf(slot.Pool).GetValueOrDefault(slot.Index) == slot.Backend) SlotsOf(slot.Pool).Remove(slot.Index);
        foreach (var backend in change.Removed.Backends) _backends.Remove(backend.Number);
        foreach (var (frontend, pool) in change.Removed.Frontends.Where(IsUdp))
        {
            Touch(frontend.Address, frontend.Port);
            Remove(_pools, (frontend.Address, frontend.Port), pool);
            Remove(_frontends, pool, (frontend.Address, frontend.Port));
        }
        foreach (var backend in change.Added.Backends) _backends[backend.Number] = (backend.Address, backend.Port);
        foreach (var slot in change.Added.Slots) SlotsOf(slot.Pool)[slot.Index] = slot.Backend;
        foreach (var (frontend, pool) in change.Added.Frontends.Where(IsUdp))
        {
            Touch(frontend.Address, frontend.Port);
            Add(_pools, (frontend.Address, frontend.Port), pool);
            Add(_frontends, pool, (frontend.Address, frontend.Port));
        }
        foreach (var pool in change.Removed.Slots.Concat(change.Added.Slots).Select(s => s.Pool).Distinct())
        {
            if (_frontends.TryGetValue(pool, out var frontends)) _touched.UnionWith(frontends);
            if (_slots.TryGetValue(pool, out var slots) && slots.Count == 0) _slots.Remove(pool);
        }
    }

    /// <summary>
    /// Which entries lead from a frontend that a change has touched since the last call to what does not serve there;
    /// null: no frontend was touched.
    /// </summary>
    /// <param name="node">The addresses at which the node offers its ports.</param>
    public Predicate<ConntrackEntry>? TakeStale(IReadOnlyCollection<IPAddress> node)
    {
        if (_touched.Count == 0) return null;
        var serving = _touched.ToDictionary(frontend => frontend, frontend => _pools.GetValueOrDefault(frontend, [])
            .SelectMany(pool => _slots.GetValueOrDefault(pool, []).Values)
            .Where(_backends.ContainsKey).Select(backend => _backends[backend]).ToHashSet());
        _touched = [];
        return entry => (serving.TryGetValue((entry.Original.Destination, entry.Original.DestinationPort), out var at)
                || (node.Contains(entry.Original.Destination)
                    && serving.TryGetValue((null, entry.Original.DestinationPort), out at)))
            && !at.Contains((entry.Reply.Source, entry.Reply.SourcePort));
    }

    private static bool IsUdp(FrontendEntry entry) => entry.Frontend.Protocol == FlowProtocol.Udp;

    private static void Add<TKey, T>(Dictionary<TKey, List<T>> lists, TKey key, T item) where TKey : notnull
    {
        if (!lists.TryGetValue(key, out var list)) lists[key] = list = [];
        list.Add(item);
    }

    private static void Remove<TKey, T>(Dictionary<TKey, List<T>> lists, TKey key, T item) where TKey : notnull
    {
        if (!lists.TryGetValue(key, out var list)) return;
        list.Remove(item);
        if (list.Count == 0) lists.Remove(key);
    }

    private void Touch(IPAddress? address, ushort port) => _touched.Add((address, port));

    private Dictionary<int, BackendNumber> SlotsOf(PoolNumber pool) =>
        _slots.TryGetValue(pool, out var slots) ? slots : _slots[pool] = [];
}
