using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Explanations;

/// <summary>A verdict with its reasons: what <c>why</c> prints.</summary>
public sealed record Explanation(Flow Flow, Verdict Verdict, ExplainedSide Leaving, ExplainedSide Entering)
{
    /// <exception cref="ArgumentException">As <see cref="Oracle.Evaluate"/>.</exception>
    public static Explanation Of(Cluster cluster, Flow flow)
    {
        var verdict = Oracle.Evaluate(cluster, flow);
        return new Explanation(flow, verdict, Explain(verdict.Leaving), Explain(verdict.Entering));

        ExplainedSide Explain(SideVerdict side) =>
            new(side, side.Basis != SideBasis.NoRuleAllows
                ? [] : NearestRules.Find(new SideQuestion(cluster, flow, side.Direction)));
    }
}

/// <param name="Nearest">The nearest first. Empty where the side allows, and where an Admin or Baseline rule denies:
/// no NetworkPolicy would help.</param>
public sealed record ExplainedSide(SideVerdict Verdict, IReadOnlyList<NearMiss> Nearest);

/// <summary>
/// A policy that came close to allowing a denied side: one that selects the pod, with the rule that failed in the
/// least; or one of the pod's namespace that would allow the flow but does not select the pod.
/// </summary>
/// <param name="Rule">Null where the policy does not select the pod.</param>
/// <param name="Position">The rule; or the policy's podSelector.</param>
/// <param name="Failed">
/// The fields that did not match, with only the requirements that failed: <c>podSelector app=client</c>,
/// <c>namespaceSelector ns=prod; ports TCP 80</c>, <c>ipBlock 10.0.0.0/8</c>, <c>spec.podSelector app=web</c>.
/// </param>
/// <param name="Distance">How much did not match.</param>
public sealed record NearMiss(PolicyReference Policy, RuleReference? Rule, SourcePosition Position, string Failed,
    MissDistance Distance);

/// <summary>
/// How far a rule is from allowing a flow: the fewer fields that fail, the nearer. Of two with as many, the one that
/// names the port of the flow is nearer, then the one with fewer requirements to change.
/// </summary>
/// <param name="Fields">Fields that failed.</param>
/// <param name="NamesPort">Whether the rule has <c>ports</c>, and one is that of the flow.</param>
/// <param name="Requirements">Requirements of these fields that failed: the size of the edit.</param>
public readonly record struct MissDistance(int Fields, bool NamesPort, int Requirements)
{
    /// <summary>Sorts the nearest first.</summary>
    internal (int, bool, int) Order => (Fields, !NamesPort, Requirements);

    public bool IsNearerThan(MissDistance other) => Order.CompareTo(other.Order) < 0;
}
