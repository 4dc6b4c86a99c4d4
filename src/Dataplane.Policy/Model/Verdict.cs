namespace Dataplane.Policy.Model;

/// <summary>The reason of a side's verdict.</summary>
public enum SideBasis
{
    /// <summary>This end is no pod with a network of its own, so no policy selects it.</summary>
    NotSelectable,
    /// <summary>This end is an address of the networks of pods and Services that nobody has: no packet comes from it
    /// or arrives there.</summary>
    Nobody,
    /// <summary>A pod to itself: a pod cannot block itself.</summary>
    Itself,
    /// <summary>
    /// The other end is the node: nothing keeps it from its pods, and only an Admin or Baseline rule, of which none
    /// decided here, keeps a pod from it.
    /// </summary>
    NodeTraffic,
    /// <summary>No NetworkPolicy isolates the pod in this direction, and no Admin or Baseline rule decides.</summary>
    NotIsolated,
    /// <summary>An Admin or Baseline rule accepts the flow; or the pod is isolated and a rule allows it.</summary>
    RuleAllows,
    /// <summary>The pod is isolated and no rule allows the flow.</summary>
    NoRuleAllows,
    /// <summary>An Admin or Baseline rule denies the flow.</summary>
    RuleDenies,
}

/// <summary>Allowed when both sides allow. A reply to an allowed flow is no flow of its own.</summary>
public sealed record Verdict(bool Allowed, SideVerdict Leaving, SideVerdict Entering);

/// <param name="IsolatedBy">
/// Every NetworkPolicy that isolates the pod in this direction, in the cluster's order; empty where none does, and
/// where none was asked because the Admin tier had decided.
/// </param>
/// <param name="DecidedBy">
/// The Admin or Baseline rule that decided; else the first rule, in the cluster's order, that allows the flow; null
/// where none was needed or none does.
/// </param>
public sealed record SideVerdict(
    Direction Direction, bool Allowed, IReadOnlyList<PolicyReference> IsolatedBy, RuleReference? DecidedBy,
        SideBasis Basis)
{
    /// <summary>The rule that ended the Admin tier for this flow without deciding it; null where none did.</summary>
    public RuleReference? PassedBy { get; init; }
}
