namespace Dataplane.Policy.Compilation;

/// <summary>What a rule means, as items of one kind: pod addresses, or pieces of the address line outside the pod network.</summary>
/// <param name="Members">Exactly the items that the rule means.</param>
/// <param name="Hull">
/// The same rule without its podSelectors and ipBlock exceptions: at least the members. Rules that take a little away from
/// much are written as much, and the little as exceptions.
/// </param>
internal sealed record PeerSet(AddressSet Members, AddressSet Hull)
{
    public PeerSet(AddressSet members) : this(members, members)
    {
    }
}

/// <summary>The classes a rule is written with.</summary>
/// <param name="Allowed">Exact classes, groups and realms.</param>
/// <param name="Except">Exact classes that lie in those groups or realms and are not meant.</param>
/// <param name="Wide">All items of those groups and realms.</param>
internal sealed record PeerCover(IReadOnlyList<uint> Allowed, IReadOnlyList<uint> Except, AddressSet Wide);

/// <summary>A realm (<see cref="Policy.Compilation.Realm"/>) as items.</summary>
internal readonly record struct RealmItems(AddressSet Items, uint Id);
