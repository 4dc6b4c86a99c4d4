using System.Net;

namespace Dataplane.Policy.Compilation.Tables;

/// <summary>
/// What the tiers say of a flow. Continue: ask the NetworkPolicies; for a pod that none isolates, that is yes.
/// </summary>
public enum TierVerdict : uint { Accept = 1, Deny = 2, Continue = 3 }

/// <summary>
/// The Admin and Baseline tiers of one direction, resolved: for a subject and a peer at most one entry fits best - one
/// port before a range, a range before a protocol, a protocol before everything. A pair that has any entry has one for
/// everything, and what it says stands; only a pair that has none is asked about again with the peer's realm.
/// </summary>
/// <param name="Entries">Sorted by subject, peer, port.</param>
/// <param name="Outside">Classes of peers outside the pod network. Sorted, disjoint.</param>
public sealed record TierTable(IReadOnlyList<TierEntry> Entries, IReadOnlyList<CidrClass> Outside)
{
    public static readonly TierTable Empty = new([], []);
}

/// <summary>The verdict for some ports between a subject and a peer.</summary>
public readonly record struct TierEntry(uint Subject, uint Peer, PortRange Ports, TierVerdict Verdict);

/// <summary>The numbers of one address in the tiers of one direction; 0 where no rule names it in that role.</summary>
public readonly record struct TierRoles(uint Subject, uint Peer);

/// <summary>The peer class of one of the node's own addresses, for egress tiers.</summary>
public readonly record struct NodeAddressClass(IPAddress Address, uint Class);
