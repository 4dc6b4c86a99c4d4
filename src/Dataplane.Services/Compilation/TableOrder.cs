using System.Net;
using System.Net.Sockets;
using Dataplane.Policy.Model;
using Dataplane.Services.Tables;

namespace Dataplane.Services.Compilation;

/// <summary>The order of a whole table, which does not depend on how it came about.</summary>
internal static class TableOrder
{
    public static ServiceTable Sorted(this ServiceTable table) => new(
        [.. table.Frontends.OrderBy(f => f.Frontend.Side).ThenBy(f => f.Frontend.Family)
            .ThenBy(f => f.Frontend.Address is { } address ? AddressRange.ToNumber(address) : 0)
            .ThenBy(f => f.Frontend.Protocol).ThenBy(f => f.Frontend.Port)],
        [.. table.Pools.OrderBy(p => p.Number.Value)],
        [.. table.Slots.OrderBy(s => s.Pool.Value).ThenBy(s => s.Index)],
        [.. table.Backends.OrderBy(b => b.Number.Value)],
        [.. table.Sources.OrderBy(s => s.Pool.Value).ThenBy(s => AddressRange.ToNumber(s.Network.BaseAddress))
            .ThenBy(s => s.Network.PrefixLength)],
        Sorted(table.Refused));

    private static List<IPAddress> Sorted(IReadOnlyList<IPAddress> addresses) =>
        [.. addresses.OrderBy(a => a.AddressFamily == AddressFamily.InterNetworkV6).ThenBy(AddressRange.ToNumber)];
}
