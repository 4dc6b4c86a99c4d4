using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Compilation.NetworkPolicies;

public enum Direction { Egress, Ingress }

/// <summary>One compiled rule: these subjects may exchange these ports with these peers, in one direction.</summary>
/// <param name="Subjects">A set of the direction's subjects.</param>
/// <param name="Peers">A set of each universe of peers - pods, outside IPv4, outside IPv6 -, where the rule means any.</param>
internal sealed record Grant(int Subjects, int?[] Peers, IReadOnlyList<PortRange> Ports)
{
    public bool Equals(Grant? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>The universes of peers of one direction.</summary>
internal static class Universe
{
    public const int Pods = 0, OutsideIPv4 = 1, OutsideIPv6 = 2, Count = 3;
}

internal static class PortNumbers
{
    public static PortRange Of(NetworkPolicyPort port) => port.Port is { } first
        ? new PortRange(port.Protocol.ToFlowProtocol(), first, port.EndPort ?? first)
        : new PortRange(port.Protocol.ToFlowProtocol(), 0, ushort.MaxValue);
}
