using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Suggestions;

/// <summary>Edits that may close an allowed side. Whether they do is for the oracle to say.</summary>
internal static class ClosingEdits
{
    public static IEnumerable<CandidateEdit> For(SideQuestion question, SideVerdict side)
    {
        if (question.Subject.AsSelectablePod() is not { Pod: var pod } || question.Subject == question.Peer)
        {
            return [];
        }
        var edits = new List<CandidateEdit>();
        var matching = question.IsolatingPolicies()
            .SelectMany(policy => question.Rules(policy)
                .Select((rule, index) => (Policy: policy, Rule: rule, Index: index)))
            .Where(found => RuleMatching.Matches(found.Policy, found.Rule, question)).ToList();
        if (matching is [var only])
        {
            edits.AddRange(InRule(question, only.Policy, only.Rule, only.Index));
        }
        if (side.Basis == SideBasis.NotIsolated)
        {
            edits.Add(NewPolicy(pod, question.Direction));
        }
        if (TierEdits.DenyFirst(question, pod) is { } deny)
        {
            edits.Add(deny);
        }
        return edits;
    }

    /// <summary>Where one rule alone lets the flow through.</summary>
    private static IEnumerable<CandidateEdit> InRule(SideQuestion question, NetworkPolicyObject policy,
        NetworkPolicyRule rule, int index)
    {
        var place = $"{question.Direction.Text()}[{index}]";
        var peers = rule.Peers.Where(peer => RuleMatching.PeerMatches(policy, peer, question)).ToList();
        if (peers is [{ IpBlock: { } block } peer] && block.Cidr.PrefixLength < Edits.Address(question).PrefixLength)
        {
            var hole = Edits.Address(question);
            yield return Edits.Of(policy, block.Position, 2,
                $"add to {place}.{question.Direction.PeersField()} ipBlock {block.Cidr}: except {hole}",
                Edits.Rule(policy, question.Direction, index, old => old with
                {
                    Peers = [.. old.Peers.Select(found => found == peer
                        ? peer with { IpBlock = block with { Except = [.. block.Except, hole] } } : found)],
                }));
        }
        if (rule.Peers.Count > peers.Count)
        {
            yield return Edits.Of(policy, peers[0].Position, 2 + peers.Count,
                $"remove from {place}.{question.Direction.PeersField()} what matches {question.Peer.Name}",
                Edits.Rule(policy, question.Direction, index,
                    old => old with { Peers = [.. old.Peers.Except(peers)] }));
        }
        var ports = rule.Ports.Where(port => RuleMatching.PortMatches(port, question.Flow)).ToList();
        if (ports.Count > 0 && rule.Ports.Count > ports.Count)
        {
            yield return Edits.Of(policy, ports[0].Position, 2 + ports.Count,
                $"remove from {place}.ports: {string.Join(", ", ports.Select(port => port.Text()))}",
                Edits.Rule(policy, question.Direction, index,
                    old => old with { Ports = [.. old.Ports.Except(ports)] }));
        }
        yield return Edits.Of(policy, rule.Position, 4, $"remove {place}",
            Edits.Rules(policy, question.Direction, all => [.. all.Where((_, i) => i != index)]));
    }

    private static CandidateEdit NewPolicy(PodObject pod, Direction direction)
    {
        var selector = Edits.Labels(pod);
        var created = new NetworkPolicyObject(pod.Namespace, $"isolate-{pod.Name}", new Dictionary<string, string>(),
            selector,
            direction == Direction.Ingress, direction == Direction.Egress, [], [], Edits.Nowhere);
        return new CandidateEdit(9, new SuggestedEdit($"new NetworkPolicy {created.FullName}", null,
            $"podSelector: {Edits.Text(selector)}, policyTypes: [{direction.PolicyType()}]; closes all other "
                + $"{direction.Text()} of {pod.FullName} too, until a rule allows it"),
            cluster => cluster with { NetworkPolicies = [.. cluster.NetworkPolicies, created] });
    }
}
