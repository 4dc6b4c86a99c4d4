using Dataplane.Policy.Compilation.Classes;
using Dataplane.Policy.Compilation.Tables;

namespace Dataplane.Policy.Compilation.NetworkPolicies;

/// <summary>One compiled rule: these subjects may exchange these ports with these peers, in one direction.</summary>
/// <param name="Subjects">A set of the direction's subjects.</param>
/// <param name="Peers">
/// The set of peers of each universe (<see cref="Sets.Universe"/>); null: the rule has no peers in it.
/// </param>
internal sealed record Grant(SetId Subjects, SetId?[] Peers, IReadOnlyList<PortRange> Ports)
{
    public bool Equals(Grant? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
