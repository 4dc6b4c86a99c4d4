using System.Net;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Diff;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Tests;

public sealed class DiffTests
{
    private static Lab Lab => new Lab().Namespace("x").Namespace("y")
        .Pod("x/a", "app=a").Pod("x/b", "app=b", ["http=TCP 8080"]).Pod("x/c", "app=c").Pod("y/d", "app=d");

    private static string[] Lines(IEnumerable<FlowChange> changes) =>
        [.. changes.Select(change => $"{change.FromText} -> {change.ToText} {change.PortsText} "
            + $"{string.Join('+', change.Families.Select(family => family.Text()))}")];

    private static ClusterDiff Diff(Lab before, Lab after) => ClusterDiff.Between(before.Cluster, after.Cluster);

    [Fact]
    public void A_range_opens_from_a_block_and_its_hole_stays_closed()
    {
        var diff = Diff(Lab.Policy("x/p", "app=b", ingress: []),
            Lab.Policy("x/p", "app=b",
                ingress: [Rule.Of([Rule.Block("172.17.0.0/16", "172.17.128.0/17")], ["TCP 80-90"])]));
        Assert.Equal(["172.17.0.0/17 -> x/b TCP 80-90 IPv4"], Lines(diff.Opened));
        Assert.Empty(diff.Closed);
        Assert.Equal([("NetworkPolicy", "x/p", ObjectChangeKind.Changed)],
            diff.Objects.Select(change => (change.Kind, change.Name, change.Change)));
    }

    [Fact]
    public void A_group_that_is_a_block_of_the_change_is_named_as_it_is_written()
    {
        var diff = Diff(Lab.Policy("x/p", "app=b", ingress: []),
            Lab.Policy("x/p", "app=b", ingress: [Rule.Of(
                [Rule.Block("172.17.0.0/16", "172.17.1.0/24", "172.17.9.0/24"), Rule.Pods("app=a")], ["TCP 80"])]));
        Assert.Equal(
            ["172.17.0.0/16 except 172.17.1.0/24 and 172.17.9.0/24 -> x/b TCP 80 IPv4", "x/a -> x/b TCP 80 IPv4+IPv6"],
            Lines(diff.Opened).Order(StringComparer.Ordinal));
        Assert.Contains("172.17.0.0/24", diff.Opened[0].From);
        Assert.Contains("0.0.0.0/0 except 10.9.0.0/16, ::/0 -> x/b all IPv4+IPv6",
            Lines(Diff(Lab, Lab.Policy("x/p", "app=b", ingress: [Rule.Peers(Rule.Block("10.9.0.0/16"))])).Closed));
    }

    [Fact]
    public void Default_deny_of_a_namespace_is_two_lines()
    {
        var diff = Diff(Lab, Lab.Policy("x/deny", ingress: []));
        Assert.Empty(diff.Opened);
        Assert.Equal(["0.0.0.0/0, ::/0 -> x/* all IPv4+IPv6", "x/*, y/d -> x/* all IPv4+IPv6"], Lines(diff.Closed));
    }

    [Fact]
    public void Widening_and_narrowing_show_what_is_left()
    {
        NetworkPolicyRule[] one = [Rule.Of([Rule.Pods("app=a")], ["TCP 80-90", "UDP 53"])],
            other = [Rule.Of([Rule.Pods("app=a")], ["TCP 85", "TCP 90-100", "TCP http"])];
        var diff = Diff(Lab.Policy("x/p", "app=b", ingress: one), Lab.Policy("x/p", "app=b", ingress: other));
        Assert.Equal(["x/a -> x/b TCP 91-100, TCP 8080 IPv4+IPv6"], Lines(diff.Opened));
        Assert.Equal(["x/a -> x/b TCP 80-84, TCP 86-89, UDP 53 IPv4+IPv6"], Lines(diff.Closed));
    }

    [Fact]
    public void A_tier_that_denies_the_node_names_the_node()
    {
        var diff = Diff(Lab, Lab.Admin("p", 1, egress: [TierRules.Deny(TierRules.Nodes(), "TCP 22")]));
        Assert.Equal(["x/*, y/d -> node TCP 22 IPv4+IPv6"], Lines(diff.Closed));
        Assert.Equal(["ClusterNetworkPolicy p Added"],
            diff.Objects.Select(change => $"{change.Kind} {change.Name} {change.Change}"));
    }

    /// <summary>The flows of a pod that only one side has exist there alone.</summary>
    [Fact]
    public void A_pod_that_is_gone_closes_its_flows_and_a_new_one_opens_what_policies_let_in()
    {
        var gone = Diff(Lab.Pod("y/e", "app=e"), Lab.Policy("y/deny", "app=e", ingress: []));
        Assert.Empty(gone.Opened);
        Assert.Equal(
            ["0.0.0.0/0, ::/0 -> y/e all IPv4+IPv6", "x/*, y/d -> y/e all IPv4+IPv6",
                "y/e -> 0.0.0.0/0, ::/0 all IPv4+IPv6", "y/e -> node, x/*, y/d all IPv4+IPv6"],
            Lines(gone.Closed).Order(StringComparer.Ordinal));
        Assert.Equal(["NetworkPolicy y/deny Added", "Pod y/e Removed"],
            gone.Objects.Select(change => $"{change.Kind} {change.Name} {change.Change}"));
        var rules = new[] { Rule.Of([Rule.Pods("app=d")], ["TCP 80"]) };
        var comes = Diff(Lab.Policy("y/in", "app=e", rules, egress: []),
            Lab.Policy("y/in", "app=e", rules, egress: []).Pod("y/e", "app=e"));
        Assert.Empty(comes.Closed);
        Assert.Equal(["y/d -> y/e TCP 80 IPv4+IPv6", "y/e -> node all IPv4+IPv6"], Lines(comes.Opened));
    }

    [Fact]
    public void A_family_that_a_pod_gets_opens_its_flows()
    {
        static Lab With(bool v6) => new Lab().Pod("x/a").Pod("x/b", v6: v6);
        Assert.Equal(["::/0, x/a -> x/b all IPv6", "x/b -> ::/0, node, x/a all IPv6"],
            Lines(Diff(With(v6: false), With(v6: true)).Opened)
                .Select(line => string.Join(" -> ", line.Split(" -> ").Select(SortedNames))));

        static string SortedNames(string end)
        {
            var parts = end.Split(" all ");
            var names = string.Join(", ", parts[0].Split(", ").Order(StringComparer.Ordinal));
            return parts.Length == 1 ? names : $"{names} all {parts[1]}";
        }
    }

    [Fact]
    public void Everything_but_some_ports_is_said_per_protocol()
    {
        var diff = Diff(Lab, Lab.Policy("x/p", "app=b",
            ingress: [Rule.Peers(Rule.Block("0.0.0.0/0")), Rule.Of([Rule.Pods("app=a")], ["TCP 443", "UDP"])]));
        Assert.Equal(
            ["x/a -> x/b TCP 1-442, TCP 444-65535, SCTP, ICMP IPv6", "x/c, y/d, ::/0 -> x/b all IPv6"],
            Lines(diff.Closed));
    }

    [Fact]
    public void A_label_that_moves_a_pod_out_of_a_policy_changes_its_flows()
    {
        static Lab With(string labels) => new Lab().Pod("x/a", labels).Pod("x/b").Policy("x/p", "app=a", egress: []);
        var diff = Diff(With("app=a"), With("app=z"));
        Assert.Equal(["x/a -> 0.0.0.0/0, ::/0 all IPv4+IPv6", "x/a -> x/b all IPv4+IPv6"], Lines(diff.Opened));
    }

    [Fact]
    public void One_changed_policy_among_a_thousand()
    {
        var lab = new Lab();
        var pods = Enumerable.Range(0, 1000).Select(i => new PodEndpoint(
            new PodObject("x", $"p{i:0000}", Selector.Labels($"app=a{i}"), [], false, [], Selector.Nowhere),
            new IPAddress([10, 1, (byte)(i / 250), (byte)(i % 250 + 2)]), null)).ToList();
        var policies = Enumerable.Range(0, 1000).Select(i =>
            new NetworkPolicyObject("x", $"np{i}", Selector.Labels(""), Selector.Of($"app=a{i}"), true, false,
                [Rule.Of([Rule.Pods($"app in (a{(i + 1) % 1000},a{(i + 2) % 1000})")], [$"TCP {i + 1}"])], [],
                Selector.Nowhere)).ToList();
        var before = lab.Cluster with { Pods = pods, NetworkPolicies = policies };
        var after = before with
        {
            NetworkPolicies =
                [policies[0] with { Ingress = [Rule.Of([Rule.Pods("app=a7")], ["TCP 1-2"])] }, .. policies.Skip(1)],
        };
        var diff = ClusterDiff.Between(before, after);
        Assert.Equal(["x/p0007 -> x/p0000 TCP 1-2 IPv4"], Lines(diff.Opened));
        Assert.Equal(["x/p0001, x/p0002 -> x/p0000 TCP 1 IPv4"], Lines(diff.Closed));
    }
}
