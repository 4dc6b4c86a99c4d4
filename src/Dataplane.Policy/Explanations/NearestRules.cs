using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Explanations;

/// <summary>For a denied side: how each policy of the pod's namespace came closest to allowing it.</summary>
internal static class NearestRules
{
    /// <summary>
    /// One per policy, the nearest first, equal ones by full name; a policy that does not select the pod comes behind
    /// those that do. A policy that selects the pod and has no rule in this direction is near to nothing.
    /// </summary>
    public static IReadOnlyList<NearMiss> Find(SideQuestion question)
    {
        var isolating = question.IsolatingPolicies().ToList();
        return
        [
            .. isolating.Where(policy => question.Rules(policy).Count > 0)
                .Select(policy => NearestRule(policy, question))
                .Concat(WouldAllow(isolating, question))
                .OrderBy(miss => miss.Distance.Order).ThenBy(miss => miss.Rule is null)
                .ThenBy(miss => miss.Policy.Name, StringComparer.Ordinal),
        ];
    }

    private static NearMiss NearestRule(NetworkPolicyObject policy, SideQuestion question)
    {
        var (index, miss, distance) = question.Rules(policy).Select((rule, index) =>
            {
                var miss = FieldMisses.Of(policy, rule, question);
                var namesPort = rule.Ports.Count > 0 && RuleMatching.PortsMatch(rule, question.Flow);
                return (Index: index, Miss: miss,
                    Distance: new MissDistance(miss.Fields, namesPort, miss.Requirements));
            })
            .MinBy(candidate => candidate.Distance.Order);
        var reference = question.Reference(policy, index);
        return new NearMiss(reference.Policy, reference, reference.Position, miss.Text, distance);
    }

    private static IEnumerable<NearMiss> WouldAllow(List<NetworkPolicyObject> isolating, SideQuestion question)
    {
        var pod = question.Subject.AsSelectablePod()!.Pod;
        return question.Cluster.NetworkPolicies
            .Where(policy => policy.Namespace == pod.Namespace && question.Isolates(policy)
                && !isolating.Contains(policy)
                && question.Rules(policy).Any(rule => RuleMatching.Matches(policy, rule, question)))
            .Select(policy => (Policy: policy, Miss: FieldMisses.OfSubject(policy, pod)))
            .Select(found => new NearMiss(new PolicyReference(found.Policy), Rule: null,
                found.Policy.PodSelector.Position, found.Miss.Text,
                new MissDistance(found.Miss.Fields, NamesPort: false, found.Miss.Requirements)));
    }
}
