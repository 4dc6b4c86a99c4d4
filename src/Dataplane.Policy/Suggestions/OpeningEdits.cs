using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Suggestions;

/// <summary>Edits that may open a denied side. Whether they do is for the oracle to say.</summary>
internal static class OpeningEdits
{
    public static IEnumerable<CandidateEdit> For(SideQuestion question, SideVerdict side)
    {
        if (side.DecidedBy is { Policy.Policy: TierPolicyObject tier } rule)
        {
            return TierEdits.AcceptBefore(question, tier, rule);
        }
        return question.IsolatingPolicies().SelectMany(policy => InPolicy(question, policy))
            .Concat(question.Cluster.NetworkPolicies.Where(policy => Near(policy, question))
                .SelectMany(policy => LabelSubject(question, policy)))
            .ToList();
    }

    private static IEnumerable<CandidateEdit> InPolicy(SideQuestion question, NetworkPolicyObject policy)
    {
        var rules = question.Rules(policy);
        for (var index = 0; index < rules.Count; index++)
        {
            foreach (var edit in InRule(question, policy, index, rules[index]))
            {
                yield return edit;
            }
        }
        var peer = Edits.Peer(question, policy.Namespace);
        var port = Edits.Port(question.Flow);
        var ports = port is null ? "" : $", ports: [{Edits.Text(port)}]";
        yield return Edits.Of(policy, policy.Position, port is null ? 5 : 8,
            $"add to {question.Direction.Text()}: {{{question.Direction.PeersField()}: [{Edits.Text(peer)}]{ports}}}",
            Edits.Rules(policy, question.Direction,
                all => [.. all, new NetworkPolicyRule([peer], port is null ? [] : [port], Edits.Nowhere)]));
    }

    private static IEnumerable<CandidateEdit> InRule(SideQuestion question, NetworkPolicyObject policy, int index,
        NetworkPolicyRule rule)
    {
        var place = $"{question.Direction.Text()}[{index}]";
        var (peers, ports) = (RuleMatching.PeersMatch(policy, rule, question),
            RuleMatching.PortsMatch(rule, question.Flow));
        if (peers && !ports && Edits.Port(question.Flow) is { } port)
        {
            yield return Edits.Of(policy, rule.Position, 2, $"add to {place}.ports: {Edits.Text(port)}",
                Edits.Rule(policy, question.Direction, index, old => old with { Ports = [.. old.Ports, port] }));
        }
        if (!ports || peers)
        {
            yield break;
        }
        var peer = Edits.Peer(question, policy.Namespace);
        yield return Edits.Of(policy, rule.Position, peer.NamespaceSelector is null ? 3 : 6,
            $"add to {place}.{question.Direction.PeersField()}: {Edits.Text(peer)}",
            Edits.Rule(policy, question.Direction, index, old => old with { Peers = [.. old.Peers, peer] }));
        for (var i = 0; i < rule.Peers.Count; i++)
        {
            foreach (var edit in InPeer(question, policy, index, rule.Peers[i],
                $"{place}.{question.Direction.PeersField()}[{i}]"))
            {
                yield return edit;
            }
        }
    }

    private static IEnumerable<CandidateEdit> InPeer(SideQuestion question, NetworkPolicyObject policy, int rule,
        NetworkPolicyPeer peer, string place)
    {
        if (peer.IpBlock is { } block && question.Peer.AddressIn(question.Flow.Family) is { } address
            && block.Cidr.Contains(address))
        {
            var left = block.Except.Where(hole => !hole.Contains(address)).ToList();
            var gone = string.Join(", ", block.Except.Where(hole => hole.Contains(address)));
            yield return Edits.Of(policy, block.Position, 1, $"remove from {place}.ipBlock.except: {gone}",
                Edits.Rule(policy, question.Direction, rule, old => old with
                {
                    Peers = [.. old.Peers.Select(found => found == peer
                        ? peer with { IpBlock = block with { Except = left } } : found)],
                }));
        }
        if (peer.IpBlock is null && question.Peer.AsSelectablePod() is { Pod: var pod }
            && peer.PodSelector is { } selector
            && RuleMatching.NamespaceMatches(policy, peer, pod, question.Cluster))
        {
            foreach (var edit in PodLabels.ToMatch(pod, selector))
            {
                yield return edit;
            }
        }
    }

    private static bool Near(NetworkPolicyObject policy, SideQuestion question) =>
        question.Subject.AsSelectablePod() is { Pod: var pod } && policy.Namespace == pod.Namespace
            && question.Isolates(policy)
        && !policy.PodSelector.Matches(pod.Labels)
            && question.Rules(policy).Any(rule => RuleMatching.Matches(policy, rule, question));

    private static IEnumerable<CandidateEdit> LabelSubject(SideQuestion question, NetworkPolicyObject policy) =>
        PodLabels.ToMatch(question.Subject.AsSelectablePod()!.Pod, policy.PodSelector);
}

/// <summary>Labels of a pod changed so that a selector matches.</summary>
internal static class PodLabels
{
    /// <returns>Nothing where the labels are a controller's, which nobody else can set.</returns>
    public static IEnumerable<CandidateEdit> ToMatch(PodObject pod, LabelSelector selector)
    {
        var missing = selector.Requirements.Where(requirement => !requirement.Matches(pod.Labels)).ToList();
        return missing.Exists(requirement => ControllerLabels.Has(requirement.Key)) ? [] : [Changed(pod, missing)];
    }

    private static CandidateEdit Changed(PodObject pod, IEnumerable<SelectorRequirement> missing)
    {
        var labels = new SortedDictionary<string, string>(pod.Labels.ToDictionary(), StringComparer.Ordinal);
        var changes = new List<string>();
        foreach (var requirement in missing)
        {
            if (requirement.Operator is SelectorOperator.In or SelectorOperator.Exists)
            {
                labels[requirement.Key] = requirement.Values.Count > 0 ? requirement.Values[0] : "";
                changes.Add($"{requirement.Key}={labels[requirement.Key]}");
            }
            else
            {
                labels.Remove(requirement.Key);
                changes.Add($"{requirement.Key}-");
            }
        }
        // Dearer than its lines: a label may change what other policies select.
        return Edits.Of(pod, pod.Position, 2 + changes.Count, $"label {string.Join(' ', changes)}",
            cluster => cluster with
        {
            Pods = [.. cluster.Pods.Select(found => found.Name == pod.FullName
                ? found with { Pod = found.Pod with { Labels = labels } } : found)],
        });
    }
}
