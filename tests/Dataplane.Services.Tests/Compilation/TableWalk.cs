using System.Net;
using Dataplane.Policy.Model;
using Dataplane.Policy.Services;
using Dataplane.Services.Tables;

namespace Dataplane.Services.Tests.Compilation;

/// <summary>Walks through a table as the rules do, one look-up after another.</summary>
internal sealed class TableWalk(ServiceTable table, NodeEndpoint node)
{
    private readonly Dictionary<Frontend, PoolNumber> _frontends =
        table.Frontends.ToDictionary(f => f.Frontend, f => f.Pool);
    private readonly Dictionary<PoolNumber, PoolEntry> _pools = table.Pools.ToDictionary(p => p.Number);
    private readonly Dictionary<(PoolNumber, int), BackendNumber> _slots =
        table.Slots.ToDictionary(s => (s.Pool, s.Index), s => s.Backend);
    private readonly Dictionary<BackendNumber, BackendEntry> _backends = table.Backends.ToDictionary(b => b.Number);

    /// <summary>What becomes of a packet, with the backends that may be chosen, and for how long one is kept.</summary>
    public string Ask(Endpoint source, IPAddress destination, Probe probe)
    {
        var family = destination.AddressFamily;
        var side = source is ExternalEndpoint ? FrontendSide.Outside : FrontendSide.Inside;
        if (_frontends.TryGetValue(new Frontend(side, family, destination, probe.Protocol, probe.Port), out var pool)
            || (destination.Equals(node.AddressIn(family)) && _frontends.TryGetValue(
                new Frontend(side, family, null, probe.Protocol, probe.Port), out pool)))
        {
            return Ask(_pools[pool], source);
        }
        return table.Refused.Contains(destination) ? $"{ServiceFate.Refused}" : $"{ServiceFate.NotForService}";
    }

    private string Ask(PoolEntry pool, Endpoint source)
    {
        if (pool.IsRestricted && !table.Sources.Any(
            s => s.Pool == pool.Number && s.Network.Contains(source.AddressIn(pool.Family)!)))
        {
            return $"{ServiceFate.Dropped}";
        }
        if (pool.Size == 0) return pool.DropsWhenEmpty ? $"{ServiceFate.Dropped}" : $"{ServiceFate.Refused}";
        var backends = Enumerable.Range(0, pool.Size).Select(i => _backends[_slots[(pool.Number, i)]])
            .Select(b => $"{b.Address}#{b.Port}");
        return Text(backends, pool.AffinitySeconds);
    }

    public static string Text(ServiceAnswer answer) => answer.Fate != ServiceFate.Translated ? $"{answer.Fate}"
        : Text(answer.Backends.Select(b => $"{b.Address}#{b.Port}"),
            answer.Frontend?.Service.Object.AffinitySeconds);

    private static string Text(IEnumerable<string> backends, int? affinity) =>
        $"{ServiceFate.Translated} {string.Join(' ', backends.Order(StringComparer.Ordinal))} for {affinity}";
}
