using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Explanations;

/// <summary>For a denied side: how each policy of the pod's namespace came closest to allowing it.</summary>
internal static class NearestRules
{
    /// <summary>
    /// One per policy, by full name. A policy that selects the pod and has no rule in this direction is near to
    /// nothing.
    /// </summary>
    public static IReadOnlyList<NearMiss> Find(SideQuestion question)
    {
        var isolating = question.IsolatingPolicies().ToList();
        return
        [
            .. isolating.Where(policy => question.Rules(policy).Count > 0)
                .Select(policy => NearestRule(policy, question))
                .Concat(WouldAllow(isolating, question))
                .OrderBy(miss => miss.Policy.Name, StringComparer.Ordinal),
        ];
    }

    private static NearMiss NearestRule(NetworkPolicyObject policy, SideQuestion question)
    {
        var (index, miss) = question.Rules(policy)
            .Select((rule, index) => (Index: index, Miss: FieldMisses.Of(policy, rule, question)))
            .MinBy(candidate => candidate.Miss.Distance);
        var reference = question.Reference(policy, index);
        return new NearMiss(reference.Policy, reference, reference.Position, miss.Text);
    }

    private static IEnumerable<NearMiss> WouldAllow(List<NetworkPolicyObject> isolating, SideQuestion question)
    {
        var pod = question.Subject.AsSelectablePod()!.Pod;
        return question.Cluster.NetworkPolicies
            .Where(policy => policy.Namespace == pod.Namespace && question.Isolates(policy)
                && !isolating.Contains(policy)
                && question.Rules(policy).Any(rule => RuleMatching.Matches(policy, rule, question)))
            .Select(policy => new NearMiss(new PolicyReference(policy), Rule: null, policy.PodSelector.Position,
                $"spec.podSelector {FieldMisses.FailedText(policy.PodSelector, pod.Labels)}"));
    }
}
