using System.Net;
using System.Net.Sockets;

namespace Dataplane.Services.Tables;

/// <summary>
/// The compiled Services. A packet whose destination is a frontend is translated to a backend of the frontend's pool;
/// which one is chosen by a hash of the packet. Every backend builds its own rules from it, as from the class table.
/// Sorted where it is a whole content, unsorted in a <see cref="ServiceChange"/>.
/// </summary>
/// <param name="Refused">The addresses of Services alone: packets to a port that is no frontend are refused.</param>
public sealed record ServiceTable(
    IReadOnlyList<FrontendEntry> Frontends, IReadOnlyList<PoolEntry> Pools, IReadOnlyList<SlotEntry> Slots,
    IReadOnlyList<BackendEntry> Backends, IReadOnlyList<SourceEntry> Sources, IReadOnlyList<IPAddress> Refused)
{
    public static readonly ServiceTable Empty = new([], [], [], [], [], []);
}

/// <summary>A frontend and the pool that it leads to.</summary>
public readonly record struct FrontendEntry(Frontend Frontend, PoolNumber Pool);

/// <summary>A pool: one port of a Service in one family, under one traffic policy.</summary>
/// <param name="Size">How many backends it has, in slots 0 to <paramref name="Size"/> - 1.</param>
/// <param name="AffinitySeconds">How long a client keeps its backend after its last new connection, 1 to 86400; null:
/// each connection is chosen anew.</param>
/// <param name="IsRestricted">Only sources of a <see cref="SourceEntry"/> reach it; others are dropped.</param>
/// <param name="DropsWhenEmpty">Without a backend packets are dropped, so that whoever balances among nodes tries
/// another; otherwise they are refused.</param>
public readonly record struct PoolEntry(
    PoolNumber Number, AddressFamily Family, int Size, int? AffinitySeconds, bool IsRestricted, bool DropsWhenEmpty);

/// <summary>One of the places of a pool and the backend in it.</summary>
/// <param name="Index">From 0 on.</param>
/// <param name="KeepsClients">The pool has session affinity: a client that had this backend goes on to have it.</param>
public readonly record struct SlotEntry(PoolNumber Pool, int Index, BackendNumber Backend, bool KeepsClients);

/// <summary>Where packets are sent.</summary>
public readonly record struct BackendEntry(BackendNumber Number, IPAddress Address, ushort Port);

/// <summary>A network whose packets may reach a restricted pool. None lies in another of the same pool.</summary>
public readonly record struct SourceEntry(PoolNumber Pool, IPNetwork Network);
