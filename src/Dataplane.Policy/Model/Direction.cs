using Dataplane.Kubernetes.Objects;

namespace Dataplane.Policy.Model;

/// <summary>
/// The two places where a flow is judged: leaving its source (egress), and entering its destination (ingress).
/// </summary>
public enum Direction { Egress, Ingress }

/// <summary>What a policy says in one direction.</summary>
public static class Directions
{
    /// <summary><c>egress</c> or <c>ingress</c>, as policies spell the list of rules.</summary>
    public static string Text(this Direction direction) => direction == Direction.Egress ? "egress" : "ingress";

    /// <summary><c>Egress</c> or <c>Ingress</c>, as <c>policyTypes</c> spells it.</summary>
    public static string PolicyType(this Direction direction) => direction == Direction.Egress ? "Egress" : "Ingress";

    /// <summary><c>to</c> or <c>from</c>: the list of peers of a rule.</summary>
    public static string PeersField(this Direction direction) => direction == Direction.Egress ? "to" : "from";

    /// <summary>Whether the policy isolates the pods it selects in this direction.</summary>
    public static bool Isolates(this NetworkPolicyObject policy, Direction direction) =>
        direction == Direction.Egress ? policy.IsolatesEgress : policy.IsolatesIngress;

    public static IReadOnlyList<NetworkPolicyRule> Rules(this NetworkPolicyObject policy, Direction direction) =>
        direction == Direction.Egress ? policy.Egress : policy.Ingress;

    public static IReadOnlyList<TierRule> Rules(this TierPolicyObject policy, Direction direction) =>
        direction == Direction.Egress ? policy.Egress : policy.Ingress;
}
