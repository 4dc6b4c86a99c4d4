using Dataplane.Cli.Output;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Cli.Page;

/// <summary>The policies of a cluster as a page tells them: what each selects, and what its rules are about.</summary>
internal sealed class PagePolicies(Cluster cluster, PageEnds ends)
{
    public IReadOnlyList<PagePolicy> All =>
    [
        .. cluster.Tier(PolicyTier.Admin).Select(Of),
        .. cluster.NetworkPolicies.OrderBy(p => p.FullName, StringComparer.Ordinal).Select(Of),
        .. cluster.Tier(PolicyTier.Baseline).Select(Of),
    ];

    private PagePolicy Of(NetworkPolicyObject policy) => Policy(policy,
        $"pods {policy.PodSelector.Text()} of {policy.Namespace}", SelectedPods.Of(cluster, policy),
        [.. policy.IsolatesIngress ? ["Ingress"] : (string[])[], .. policy.IsolatesEgress ? ["Egress"] : (string[])[]],
        [
            .. policy.Ingress.Where(_ => policy.IsolatesIngress).Select(rule => Rule(policy, "ingress", rule)),
            .. policy.Egress.Where(_ => policy.IsolatesEgress).Select(rule => Rule(policy, "egress", rule)),
        ]);

    private PagePolicy Of(TierPolicyObject policy) => Policy(policy, PolicyText.Subject(policy.Subject),
        SelectedPods.Of(cluster, policy.Subject), [$"{policy.Tier}, priority {policy.Priority}"],
        [
            .. policy.Ingress.Select(rule => Rule("ingress", rule)),
            .. policy.Egress.Select(rule => Rule("egress", rule)),
        ]);

    private PagePolicy Policy(KubernetesObject policy, string selector, IReadOnlyList<PodEndpoint> selected,
        IReadOnlyList<string> isolates, IReadOnlyList<PageRule> rules) => new(policy.Kind, policy.FullName,
        policy.Position.File, policy.Position.Line, selector, Places(selected), isolates, rules);

    private PageRule Rule(NetworkPolicyObject policy, string direction, NetworkPolicyRule rule) => new(direction,
        "allow", null, rule.Position.Line, PolicyText.Ports(rule.Ports), rule.Peers.Count == 0
            ? [new PagePeer(direction == "ingress" ? "everyone" : "every destination", [])]
            : [.. rule.Peers.Select(p => new PagePeer(
                PolicyText.Peer(p), Places(SelectedPods.Of(cluster, policy, p))))]);

    private PageRule Rule(string direction, TierRule rule) => new(direction, $"{rule.Action}", rule.RuleName,
        rule.Position.Line, PolicyText.Ports(rule.Ports),
        [.. rule.Peers.Select(p => new PagePeer(PolicyText.Peer(p), Places(SelectedPods.Of(cluster, p))))]);

    private IReadOnlyList<int> Places(IEnumerable<PodEndpoint> pods) => [.. pods.Select(ends.Of)];
}
