using Dataplane.Kubernetes;

namespace Dataplane.Policy;

/// <summary>The two places where a flow is judged: leaving its source (egress), entering its destination (ingress).</summary>
public enum Side { Leaving, Entering }

/// <summary>Why a side came out as it did.</summary>
public enum SideBasis
{
    /// <summary>This end is no pod with a network of its own, so no policy selects it.</summary>
    NotSelectable,
    /// <summary>A pod to itself: a pod cannot block itself.</summary>
    Itself,
    /// <summary>The other end is the node, which NetworkPolicy never cuts off from its pods, in either direction.</summary>
    NodeTraffic,
    /// <summary>No policy isolates the pod in this direction.</summary>
    NotIsolated,
    /// <summary>The pod is isolated and a rule allows the flow.</summary>
    RuleAllows,
    /// <summary>The pod is isolated and no rule allows the flow: the only basis of a denial.</summary>
    NoRuleAllows,
}

/// <summary>Allowed when both sides allow. A reply to an allowed flow is no flow of its own.</summary>
public sealed record Verdict(bool Allowed, SideVerdict Leaving, SideVerdict Entering);

/// <param name="IsolatedBy">Every policy that isolates the pod in this direction, in the cluster's order; empty where none does.</param>
/// <param name="DecidedBy">The first rule, in the cluster's order, that allows the flow; null where none was needed or none does.</param>
public sealed record SideVerdict(
    Side Side, bool Allowed, IReadOnlyList<PolicyReference> IsolatedBy, RuleReference? DecidedBy, SideBasis Basis);

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
public readonly record struct RuleReference(PolicyReference Policy, Side Direction, int Index, SourcePosition Position);
