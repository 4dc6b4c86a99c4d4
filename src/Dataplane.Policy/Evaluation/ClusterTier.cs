using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Evaluation;

/// <summary>
/// The Admin and the Baseline tier: cluster-wide policies by priority, the rules of each in the order written, the
/// first that matches decides. They isolate nothing: a flow that no rule matches is left to the next tier.
/// </summary>
internal static class ClusterTier
{
    /// <summary>The first rule of the tier that matches this side of the flow; null where none does.</summary>
    public static RuleReference? FirstMatch(PolicyTier tier, in SideQuestion question)
    {
        foreach (var policy in question.Cluster.Tier(tier))
        {
            if (!IsSubject(policy, question.Subject, question.Cluster))
            {
                continue;
            }
            var rules = question.Rules(policy);
            for (var index = 0; index < rules.Count; index++)
            {
                if (TierRuleMatching.Matches(rules[index], question))
                {
                    return question.Reference(policy, index);
                }
            }
        }
        return null;
    }

    /// <summary>Whether the policy is about this endpoint. It never is about a hostNetwork pod.</summary>
    public static bool IsSubject(TierPolicyObject policy, Endpoint subject, Cluster cluster) =>
        subject.AsSelectablePod() is { Pod: var pod }
        && policy.Subject.NamespaceSelector.Matches(cluster.NamespaceLabels(pod.Namespace))
        && (policy.Subject.PodSelector is null || policy.Subject.PodSelector.Matches(pod.Labels));
}
