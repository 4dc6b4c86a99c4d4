using System.Net;

namespace Dataplane.Policy.Compilation.Tables;

/// <summary>
/// The verdict of the tiers. Continue: the NetworkPolicies decide; a pod that none isolates is allowed.
/// </summary>
public enum TierVerdict : uint { Accept = 1, Deny = 2, Continue = 3 }

/// <summary>
/// The resolved Admin and Baseline tiers of one direction. Of the entries for a subject and a peer the narrowest that
/// matches decides: a port before a range, a range before a protocol, a protocol before everything. A pair with any
/// entry also has one for everything, so it is always decided. Only a pair without entries is looked up again with the
/// peer's realm.
/// </summary>
/// <param name="Entries">Sorted by subject, peer, port.</param>
/// <param name="Outside">Classes of peers outside the pod network. Sorted, disjoint.</param>
public sealed record TierTable(IReadOnlyList<TierEntry> Entries, IReadOnlyList<CidrClass> Outside)
{
    public static readonly TierTable Empty = new([], []);
}

/// <summary>The verdict for some ports between a subject and a peer.</summary>
public readonly record struct TierEntry(ClassNumber Subject, ClassNumber Peer, PortRange Ports, TierVerdict Verdict);

/// <summary>The class numbers of one address in the tiers of one direction; 0: no rule names it in that role.</summary>
public readonly record struct TierRoles(ClassNumber Subject, ClassNumber Peer);

/// <summary>The peer class of one of the node's own addresses, for egress tiers.</summary>
public readonly record struct NodeAddressClass(IPAddress Address, ClassNumber Class);
