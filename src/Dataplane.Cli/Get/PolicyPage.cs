using Dataplane.Cli.Diff;
using Dataplane.Cli.Output;
using Dataplane.Cli.Terminal;
using Dataplane.Cli.Why;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Cli.Get;

/// <summary>Describes one policy: the pods it isolates, and the current matches of each selector.</summary>
internal static class PolicyPage
{
    public static void Write(Printer output, Cluster cluster, NetworkPolicyObject policy)
    {
        WriteHead(
            output,
            policy,
            $"pods {policy.PodSelector.Text()} of {policy.Namespace}",
            SelectedPods.Of(cluster, policy));
        WriteDirection(output, cluster, policy, "Ingress", policy.IsolatesIngress, policy.Ingress);
        WriteDirection(output, cluster, policy, "Egress", policy.IsolatesEgress, policy.Egress);
    }

    public static void Write(Printer output, Cluster cluster, TierPolicyObject policy)
    {
        WriteHead(output, policy, PolicyText.Subject(policy.Subject), SelectedPods.Of(cluster, policy.Subject));
        output.WriteLine($"Tier      {policy.Tier}{(policy.Priority <= 1000 ? $", priority {policy.Priority}" : "")}");
        WriteRules(output, cluster, "Ingress", policy.Ingress);
        WriteRules(output, cluster, "Egress", policy.Egress);
    }

    private static void WriteHead(
        Printer output, KubernetesObject policy, string selector, IReadOnlyList<PodEndpoint> pods)
    {
        output.WriteLine($"{policy.Kind} {policy.FullName}   {WhyText.At(policy.Position)}");
        output.WriteLine($"Selects   {selector}: {Matches(pods)}");
    }

    private static void WriteDirection(
        Printer output,
        Cluster cluster,
        NetworkPolicyObject policy,
        string word,
        bool isolates,
        IReadOnlyList<NetworkPolicyRule> rules)
    {
        var isolation = !isolates ? "not isolated: policyTypes does not list it"
            : rules.Count == 0 ? "isolated, no rule: all of it is denied"
            : $"isolated, {Words.Count(rules.Count, "rule")}";
        output.WriteLine($"{word,-8}  {isolation}");
        if (!isolates) return;
        var rows = new Columns();
        foreach (var rule in rules)
        {
            rows.Add(WhyText.At(rule.Position), $"on {PolicyText.Ports(rule.Ports)}");
            if (rule.Peers.Count == 0) rows.Add("", word == "Ingress" ? "from everyone" : "to everyone");
            foreach (var peer in rule.Peers)
            {
                var selected = SelectedPods.Of(cluster, policy, peer);
                var found = peer.IpBlock is null ? Matches(selected) : InBlock(selected);
                rows.Add("", $"{(word == "Ingress" ? "from" : "to")} {PolicyText.Peer(peer)}: {found}");
            }
        }
        rows.WriteTo(output, "          ");
    }

    private static void WriteRules(Printer output, Cluster cluster, string word, IReadOnlyList<TierRule> rules)
    {
        if (rules.Count == 0) return;
        output.WriteLine($"{word,-8}  {Words.Count(rules.Count, "rule")}; the first that matches decides");
        var rows = new Columns();
        foreach (var rule in rules)
        {
            rows.Add(
                WhyText.At(rule.Position),
                $"{rule.Action} on "
                    + $"{PolicyText.Ports(rule.Ports)}{(rule.RuleName is null ? "" : $" ({rule.RuleName})")}");
            foreach (var peer in rule.Peers)
            {
                var found = peer.Nodes is { } nodes ? (nodes.Matches(cluster.NodeLabels) ? "this node" : "no node")
                    : peer.NamespaceSelector is null ? InBlock(SelectedPods.Of(cluster, peer))
                    : Matches(SelectedPods.Of(cluster, peer));
                rows.Add("", $"{(word == "Ingress" ? "from" : "to")} {PolicyText.Peer(peer)}: {found}");
            }
        }
        rows.WriteTo(output, "          ");
    }

    private static string Matches(IReadOnlyList<PodEndpoint> pods) => pods.Count == 0 ? "no pod matches now"
        : $"{Words.Count(pods.Count, "pod")}: {DiffTable.Shorten(string.Join(", ", pods.Select(p => p.Name)))}";

    private static string InBlock(IReadOnlyList<PodEndpoint> pods) =>
        pods.Count == 0 ? "addresses outside; no pod has one of them"
        : $"covers {Words.Count(pods.Count, "pod")} too: "
            + $"{DiffTable.Shorten(string.Join(", ", pods.Select(p => p.Name)))}";
}
