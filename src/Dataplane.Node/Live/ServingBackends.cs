using System.Net;
using Dataplane.Linux.Conntrack;
using Dataplane.Policy.Model;
using Dataplane.Services.Tables;

namespace Dataplane.Node.Live;

/// <summary>The frontends for UDP whose pools a change has touched, and the backends that serve there now.</summary>
internal sealed class ServingBackends
{
    private readonly Dictionary<(IPAddress? Address, ushort Port), HashSet<(IPAddress, ushort)>> _serving = [];
    private readonly HashSet<IPAddress> _node;

    /// <param name="table">The content after the change.</param>
    /// <param name="node">The addresses at which the node offers NodePorts.</param>
    public ServingBackends(ServiceChange change, ServiceTable table, IEnumerable<IPAddress> node)
    {
        _node = [.. node];
        var touched = change.Removed.Slots.Concat(change.Added.Slots).Select(s => s.Pool).ToHashSet();
        var moved = change.Removed.Backends.Select(b => b.Number).ToHashSet();
        if (moved.Count > 0) touched.UnionWith(table.Slots.Where(s => moved.Contains(s.Backend)).Select(s => s.Pool));
        foreach (var (frontend, _) in change.Removed.Frontends.Where(IsUdp)) _ = BackendsAt(frontend);
        touched.UnionWith(change.Added.Frontends.Select(f => f.Pool));
        var pools = table.Frontends.Where(f => IsUdp(f) && (touched.Contains(f.Pool)
            || _serving.ContainsKey((f.Frontend.Address, f.Frontend.Port)))).ToLookup(f => f.Pool, f => f.Frontend);
        foreach (var pool in pools)
            foreach (var frontend in pool) _ = BackendsAt(frontend);
        if (_serving.Count == 0) return;
        // A port of the node may lead to different pools from inside and from outside: either serves.
        var backends = table.Backends.ToDictionary(b => b.Number);
        foreach (var slot in table.Slots)
        {
            foreach (var frontend in pools[slot.Pool])
            {
                var backend = backends[slot.Backend];
                BackendsAt(frontend).Add((backend.Address, backend.Port));
            }
        }
    }

    /// <summary>No UDP frontend is touched.</summary>
    public bool IsEmpty => _serving.Count == 0;

    /// <summary>Whether an entry leads from one of the frontends to what does not serve there.</summary>
    public bool IsStale(in ConntrackEntry entry) =>
        (_serving.TryGetValue((entry.Original.Destination, entry.Original.DestinationPort), out var serving)
            || (_node.Contains(entry.Original.Destination)
                && _serving.TryGetValue((null, entry.Original.DestinationPort), out serving)))
        && !serving.Contains((entry.Reply.Source, entry.Reply.SourcePort));

    private static bool IsUdp(FrontendEntry entry) => entry.Frontend.Protocol == FlowProtocol.Udp;

    /// <summary>Both families share a port of the node: their backends differ by address.</summary>
    private HashSet<(IPAddress, ushort)> BackendsAt(in Frontend frontend)
    {
        var key = (frontend.Address, frontend.Port);
        return _serving.TryGetValue(key, out var found) ? found : _serving[key] = [];
    }
}
