using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Suggestions;

/// <summary>Edits of the Admin and Baseline tiers.</summary>
internal static class TierEdits
{
    /// <summary>
    /// A rule that accepts exactly this, in front of the one that denies it. Nothing where no peer can name the other
    /// end.
    /// </summary>
    public static IEnumerable<CandidateEdit> AcceptBefore(SideQuestion question, TierPolicyObject policy,
        RuleReference denied)
    {
        if (Rule(question, TierAction.Accept) is not { } rule)
        {
            return [];
        }
        // By name: where both sides are edited, the policy is not the same object any more.
        return
        [
            Edits.Of(policy, denied.Position, 6,
                $"add before {question.Direction.Text()}[{denied.Index}]: {Text(rule, question, policy.KindName)}",
                cluster => cluster with
            {
                TierPolicies =
                    [.. cluster.TierPolicies.Select(found => (found.Kind, found.Name) == (policy.Kind, policy.Name)
                    ? With(found) : found)],
            }),
        ];

        TierPolicyObject With(TierPolicyObject found) => question.Direction == Direction.Egress
            ? found with { Egress = Inserted(found.Egress) } : found with { Ingress = Inserted(found.Ingress) };

        List<TierRule> Inserted(IReadOnlyList<TierRule> rules) =>
            [.. rules.Take(denied.Index), rule, .. rules.Skip(denied.Index)];
    }

    /// <summary>
    /// A new policy that is evaluated first. It costs most: another object, and a permission that few users have.
    /// </summary>
    public static CandidateEdit? DenyFirst(SideQuestion question, PodObject subject)
    {
        if (Rule(question, TierAction.Deny) is not { } rule
            || question.Cluster.TierPolicies.Any(policy => policy is { Tier: PolicyTier.Admin, Priority: 0 }))
        {
            return null;
        }
        var created = new TierPolicyObject(ObjectKinds.ClusterNetworkPolicy.Name,
            $"deny-{subject.Namespace}-{subject.Name}", new Dictionary<string, string>(), PolicyTier.Admin, 0,
            new TierSubject(Edits.Namespace(subject), Edits.Labels(subject), Edits.Nowhere),
            question.Direction == Direction.Ingress ? [rule] : [], question.Direction == Direction.Egress ? [rule] : [],
            Edits.Nowhere);
        var text =
            "tier: Admin, priority: 0, subject: "
            + $"{PodsText(created.Subject.NamespaceSelector, created.Subject.PodSelector!)}, "
            + $"{question.Direction.Text()}: [{Text(rule, question, created.KindName)}]";
        return new CandidateEdit(20, new SuggestedEdit($"new ClusterNetworkPolicy {created.Name}", null, text),
            cluster => cluster with { TierPolicies = [.. cluster.TierPolicies, created] });
    }

    private static TierRule? Rule(SideQuestion question, TierAction action)
    {
        var peer = question.Peer switch
        {
            _ when question.Peer.AsSelectablePod() is { Pod: var pod } =>
                new TierPeer(Edits.Namespace(pod), Edits.Labels(pod), null, [], Edits.Nowhere),
            _ when question.Direction == Direction.Ingress => null,
            _ => new TierPeer(null, null, null, [Edits.Address(question)], Edits.Nowhere),
        };
        IReadOnlyList<TierPort> ports = Edits.Transport(question.Flow) is { } protocol
            ? [new TierPort(protocol, question.Flow.Probe.Port, question.Flow.Probe.Port, null, Edits.Nowhere)] : [];
        return peer is null ? null : new TierRule(null, action, [peer], ports, Edits.Nowhere);
    }

    private static string Text(TierRule rule, SideQuestion question, string kind)
    {
        var peer = rule.Peers[0].NamespaceSelector is { } namespaces
            ? PodsText(namespaces, rule.Peers[0].PodSelector!) : $"{{networks: [{rule.Peers[0].Networks[0]}]}}";
        var (protocol, port) = (rule.Ports.Count > 0 ? rule.Ports[0].Protocol!.Value.ToFlowProtocol().Text() : "",
            question.Flow.Probe.Port);
        // v1alpha2 says Accept and protocols where v1alpha1 says Allow and ports.
        var newer = kind == ObjectKinds.ClusterNetworkPolicy.Name;
        var ports = rule.Ports.Count == 0 ? ""
            : newer ? $", protocols: [{{{protocol.ToLowerInvariant()}: {{destinationPort: {{number: {port}}}}}}}]"
            : $", ports: [{{portNumber: {{protocol: {protocol}, port: {port}}}}}]";
        var action = rule.Action == TierAction.Accept && !newer ? "Allow" : rule.Action.ToString();
        return $"{{action: {action}, {question.Direction.PeersField()}: [{peer}]{ports}}}";
    }

    private static string PodsText(LabelSelector namespaces, LabelSelector pods) =>
        $"{{pods: {{namespaceSelector: {Edits.Text(namespaces)}, podSelector: {Edits.Text(pods)}}}}}";
}
