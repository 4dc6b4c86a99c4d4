using Dataplane.Policy.Model;

namespace Dataplane.Policy.Evaluation;

/// <summary>
/// networking/v1 NetworkPolicy as one step of the evaluation. Policies only add up: a pod that none selects in a
/// direction is open there; one that any selects is closed but for what some rule of some selecting policy allows.
/// </summary>
internal static class NetworkPolicyTier
{
    /// <summary>
    /// The verdict, or null where this tier leaves the flow to the next one: where no policy isolates the pod.
    /// </summary>
    /// <param name="isNode">The peer is the node, which no policy keeps from its pods.</param>
    public static SideVerdict? Judge(in SideQuestion question, bool isNode)
    {
        if (isNode)
        {
            return question.IsolatingPolicies().Any()
                ? new SideVerdict(question.Direction, Allowed: true, [], DecidedBy: null, SideBasis.NodeTraffic)
                : null;
        }
        var isolatedBy = new List<PolicyReference>();
        RuleReference? decidedBy = null;
        foreach (var policy in question.IsolatingPolicies())
        {
            isolatedBy.Add(new PolicyReference(policy));
            var rules = question.Rules(policy);
            for (var index = 0; index < rules.Count && decidedBy is null; index++)
            {
                if (RuleMatching.Matches(policy, rules[index], question))
                {
                    decidedBy = question.Reference(policy, index);
                }
            }
        }
        if (isolatedBy.Count == 0)
        {
            return null;
        }
        var allowed = decidedBy is not null;
        return new SideVerdict(question.Direction, allowed, isolatedBy, decidedBy,
            allowed ? SideBasis.RuleAllows : SideBasis.NoRuleAllows);
    }
}
