using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Policy.Model;

/// <summary>A policy as provenance: what it is called and where it stands.</summary>
public readonly record struct PolicyReference(KubernetesObject Policy)
{
    public string Kind => Policy.Kind;
    public string Name => Policy.FullName;
    public SourcePosition Position => Policy.Position;
}

/// <summary>One rule as provenance.</summary>
/// <param name="Direction">Leaving: a rule of <c>egress</c>; entering: of <c>ingress</c>.</param>
/// <param name="Index">Its place in that list, from 0.</param>
public readonly record struct RuleReference(PolicyReference Policy, Direction Direction, int Index,
    SourcePosition Position)
{
    /// <summary>Null for a rule of a NetworkPolicy.</summary>
    public PolicyTier? Tier => (Policy.Policy as TierPolicyObject)?.Tier;

    /// <summary>Null for a rule of a NetworkPolicy, which can only allow.</summary>
    public TierAction? Action => TierRule?.Action;

    /// <summary>As written; null where the rule has no name, as those of NetworkPolicies.</summary>
    public string? RuleName => TierRule?.RuleName;

    private TierRule? TierRule =>
        Policy.Policy is TierPolicyObject policy
        ? (Direction == Direction.Egress ? policy.Egress : policy.Ingress)[Index] : null;
}
