using Dataplane.Policy.Compilation.Tables;

namespace Dataplane.Policy.Compilation.NetworkPolicies;

/// <summary>One compiled rule: these subjects may exchange these ports with these peers, in one direction.</summary>
/// <param name="Subjects">A set of the direction's subjects.</param>
/// <param name="Peers">A set of each universe of peers - pods, outside IPv4, outside IPv6 -, where the rule means
/// any.</param>
internal sealed record Grant(int Subjects, int?[] Peers, IReadOnlyList<PortRange> Ports)
{
    public bool Equals(Grant? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
