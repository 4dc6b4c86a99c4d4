using System.Net;
using System.Net.Sockets;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Compilation.Tables;

/// <summary>
/// The compiled policies: the class of each address, the isolated classes, and the exceptions. Owned by Policy; every
/// backend builds its own rules from it. A flow of an isolated subject passes when one of its (subject, peer) pairs has
/// an entry for its port: subject exact or group, peer exact, group or realm; exact only, where the pair of subject and
/// exact peer is excepted.
/// </summary>
/// <param name="Node">The node's own addresses, where a tier rule names them.</param>
public sealed record ClassTable(
    IReadOnlyList<AddressClasses> Addresses, DirectionTable Egress, DirectionTable Ingress,
    TierTable EgressTiers, TierTable IngressTiers, IReadOnlyList<NodeAddressClass> Node);

/// <summary>
/// One direction: subjects are the sources of egress and the destinations of ingress, peers the other ends.
/// </summary>
/// <param name="Isolated">Exact subject classes that may only use <paramref name="Allowed"/>. Sorted.</param>
/// <param name="Allowed">Sorted by subject, peer, port; no two overlap.</param>
/// <param name="Except">Pairs for which peer groups and realms do not count. Sorted.</param>
/// <param name="Outside">Exact classes of peers outside the pod network. Sorted, disjoint.</param>
/// <param name="OutsideGroups">Their groups. Sorted, disjoint.</param>
public sealed record DirectionTable(
    IReadOnlyList<ClassNumber> Isolated, IReadOnlyList<AllowEntry> Allowed, IReadOnlyList<ExceptEntry> Except,
    IReadOnlyList<CidrClass> Outside, IReadOnlyList<CidrClass> OutsideGroups)
{
    public static readonly DirectionTable Empty = new([], [], [], [], []);
}

/// <summary>An isolated subject may exchange these ports with this peer.</summary>
public readonly record struct AllowEntry(ClassNumber Subject, ClassNumber Peer, PortRange Ports);

/// <summary>
/// A pair of a subject and an exact peer class whose own entries alone count: those of the peer's group and realm do
/// not.
/// </summary>
public readonly record struct ExceptEntry(ClassNumber Subject, ClassNumber Peer);

/// <summary>The peer class of a range of addresses outside the pod network.</summary>
public readonly record struct CidrClass(AddressFamily Family, AddressRange Range, ClassNumber Class);

/// <summary>The classes of one pod address in both directions.</summary>
public sealed record AddressClasses(
    PodEndpoint Pod, IPAddress Address, RoleClasses Egress, RoleClasses Ingress, TierRoles EgressTiers,
        TierRoles IngressTiers);

/// <summary>
/// The class numbers of one address in one direction; 0: no rule needs that level. <see cref="Subject"/> is never 0.
/// </summary>
public readonly record struct RoleClasses(
    ClassNumber Subject, ClassNumber SubjectGroup, ClassNumber Peer, ClassNumber PeerGroup);
