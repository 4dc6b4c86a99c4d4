using System.Net.Sockets;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Explanations;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Tests;

/// <summary>The Admin and Baseline tiers: facts 22 to 24, and who is a subject or a peer.</summary>
public sealed class TierFacts
{
    private static Lab Lab => new Lab().Namespace("x", "team=x").Namespace("y", "team=y")
        .Pod("x/a", "app=a", ["http=TCP 80", "dns=UDP 53"])
        .Pod("x/b", "app=b", ["http=UDP 80", "http=TCP 8080"])
        .Pod("y/a", "app=a")
        .Pod("x/host", "app=a", ["http=TCP 80"], hostNetwork: true);

    private static readonly TierPeer All = TierRules.Namespaces();

    [Fact]
    public void Fact22_admin_then_network_policy_then_baseline_then_allow()
    {
        var lab = Lab.Baseline(ingress: [TierRules.Deny(All)]);
        Assert.Equal((false, SideBasis.RuleDenies), Entering(lab));
        lab.Policy("x/open", "app=b", ingress: [Rule.Everything]);
        Assert.Equal((true, SideBasis.RuleAllows), Entering(lab));
        lab.Admin("deny", 10, [TierRules.Deny(All, "TCP 80")]);
        Assert.Equal((false, SideBasis.RuleDenies), Entering(lab));
        Assert.Equal((true, SideBasis.RuleAllows), Entering(lab, "TCP:81"));
        Assert.Equal((true, SideBasis.NotIsolated), Entering(Lab));
    }

    [Fact]
    public void Fact22_a_network_policy_that_denies_is_not_asked_where_admin_accepts()
    {
        var side = Lab.Policy("x/closed", ingress: [])
            .Admin("accept", 10, [TierRules.Accept(All)])
            .Judge("x/a", "x/b").Entering;
        Assert.True(side.Allowed);
        Assert.Empty(side.IsolatedBy);
        Assert.Equal((PolicyTier.Admin, TierAction.Accept, "accept"),
            (side.DecidedBy!.Value.Tier!.Value, side.DecidedBy.Value.Action!.Value, side.DecidedBy.Value.Policy.Name));
    }

    [Fact]
    public void Fact22_the_lower_number_wins_as_a_number()
    {
        var lab = Lab.Admin("a", 10, [TierRules.Deny(All)]).Admin("b", 9, [TierRules.Accept(All)]);
        Assert.Equal("b", lab.Judge("x/a", "x/b").Entering.DecidedBy!.Value.Policy.Name);
        lab = Lab.Baseline(ingress: [TierRules.Deny(All)]).Baseline("b", 1000, [TierRules.Accept(All)]);
        Assert.Equal("b", lab.Judge("x/a", "x/b").Entering.DecidedBy!.Value.Policy.Name);
    }

    [Fact]
    public void Equal_priorities_go_by_name() =>
        Assert.Equal("a", Lab.Admin("b", 5, [TierRules.Deny(All)])
            .Admin("a", 5, [TierRules.Accept(All)])
            .Judge("x/a", "x/b").Entering.DecidedBy!.Value.Policy.Name);

    [Fact]
    public void Fact22_the_earlier_rule_wins()
    {
        var side = Lab.Admin("p", 1, [TierRules.Accept(All, "TCP 79"), TierRules.Deny(All), TierRules.Accept(All)])
            .Judge("x/a", "x/b").Entering;
        Assert.Equal((false, 1), (side.Allowed, side.DecidedBy!.Value.Index));
    }

    [Fact]
    public void Fact23_pass_skips_the_rest_of_the_admin_tier_only()
    {
        var lab = Lab.Admin("pass", 1, [TierRules.Pass(All, "TCP 80")]).Admin("deny", 2, [TierRules.Deny(All)]);
        var side = lab.Judge("x/a", "x/b").Entering;
        Assert.Equal((true, SideBasis.NotIsolated, "pass"),
            (side.Allowed, side.Basis, side.PassedBy!.Value.Policy.Name));
        Assert.False(lab.Allows("x/a", "x/b", "TCP:81"));
        Assert.Equal((false, SideBasis.NoRuleAllows), Entering(lab.Policy("x/closed", ingress: [])));
        Assert.Equal((false, SideBasis.RuleDenies),
            Entering(Lab.Admin("pass", 1, [TierRules.Pass(All)]).Baseline(ingress: [TierRules.Deny(All)])));
    }

    [Fact]
    public void Fact23_no_match_is_not_deny() =>
        Assert.True(Lab.Admin("p", 1, [TierRules.Accept(TierRules.Namespaces("team=y"))])
            .Baseline(ingress: [TierRules.Accept(TierRules.Namespaces("team=y"))])
            .Allows("x/a", "x/b"));

    [Fact]
    public void Fact23_baseline_is_skipped_per_pod_and_direction()
    {
        var lab = Lab.Policy("x/out", "app=a", egress: [Rule.Everything])
            .Baseline([TierRules.Deny(All)], [TierRules.Deny(All)]);
        Assert.True(lab.Judge("x/a", "x/b").Leaving.Allowed);
        Assert.False(lab.Judge("x/b", "x/a").Entering.Allowed);
        Assert.False(lab.Judge("x/b", "y/a").Leaving.Allowed);
        Assert.False(lab.Judge("y/a", "x/b").Leaving.Allowed);
    }

    [Fact]
    public void Fact24_an_egress_accept_does_not_open_the_destination()
    {
        var verdict = Lab.Admin("p", 1, egress: [TierRules.Accept(All)])
            .Policy("x/closed", "app=b", ingress: [])
            .Judge("x/a", "x/b");
        Assert.Equal((true, false, false), (verdict.Leaving.Allowed, verdict.Entering.Allowed, verdict.Allowed));
    }

    [Fact]
    public void Fact24_networks_match_pods_externals_and_the_node_per_family()
    {
        var lab = Lab.Admin("p", 1, egress: [TierRules.Deny(TierRules.Networks("0.0.0.0/0"))]);
        foreach (var to in new[] { "x/b", "172.17.5.9", "node", "x/host" })
        {
            Assert.False(lab.Allows("x/a", to));
            Assert.False(lab.Allows("x/a", to, "icmp"));
        }
        Assert.True(lab.Allows("x/a", "x/b", family: AddressFamily.InterNetworkV6));
        Assert.True(lab.Allows("x/a", "node", family: AddressFamily.InterNetworkV6));
        Assert.True(Lab.Admin("p", 1, egress: [TierRules.Deny(TierRules.Networks("10.244.0.1/32", "10.244.0.4/32"))])
            .Allows("x/a", "x/b"));
        Assert.False(Lab.Admin("p", 1, egress: [TierRules.Deny(TierRules.Networks("10.244.0.1/32", "10.244.0.3/32"))])
            .Allows("x/a", "x/b"));
    }

    [Fact]
    public void A_subject_is_selected_by_namespace_and_pod_labels()
    {
        var lab = Lab.Admin("p", 1, [TierRules.Deny(All)], namespaces: "team=x", pods: "app=a");
        Assert.False(lab.Allows("x/b", "x/a"));
        Assert.True(lab.Allows("x/a", "x/b"));
        Assert.True(lab.Allows("x/a", "y/a"));
    }

    [Fact]
    public void A_pods_peer_needs_both_selectors()
    {
        var lab = Lab.Admin("p", 1, [TierRules.Deny(TierRules.Pods("team=x", "app=a"))]);
        Assert.False(lab.Allows("x/a", "x/b"));
        Assert.True(lab.Allows("x/b", "x/a"));
        Assert.True(lab.Allows("y/a", "x/b"));
        Assert.False(Lab.Admin("p", 1, [TierRules.Deny(TierRules.Namespaces("team=y"))]).Allows("y/a", "x/b"));
    }

    [Fact]
    public void Any_peer_of_a_rule_is_enough()
    {
        var peers = new[] { TierRules.Namespaces("team=z"), TierRules.Namespaces("team=y") };
        var lab = Lab.Admin("p", 1, [TierRules.Of(TierAction.Deny, peers, [])]);
        Assert.False(lab.Allows("y/a", "x/b"));
        Assert.True(lab.Allows("x/a", "x/b"));
    }

    [Fact]
    public void Host_network_pods_are_neither_subject_nor_pod_peer()
    {
        var lab = Lab.Admin("p", 1, [TierRules.Deny(All)], [TierRules.Deny(All)]);
        foreach (var other in new[] { "x/host", "node" })
        {
            Assert.True(lab.Allows("x/a", other));
            Assert.True(lab.Allows(other, "x/a"));
        }
        Assert.True(lab.Allows("x/host", "172.17.5.9"));
        Assert.True(Lab.Admin("p", 1, egress: [TierRules.Deny(TierRules.Networks("0.0.0.0/0"))])
            .Allows("x/host", "172.17.5.9"));
    }

    [Fact]
    public void Nodes_peers_match_the_node_by_its_labels_and_nobody_else()
    {
        var lab = Lab.NodeLabels("zone=1").Admin("p", 1, egress: [TierRules.Deny(TierRules.Nodes("zone=1"))]);
        Assert.False(lab.Allows("x/a", "node"));
        Assert.False(lab.Allows("x/a", "x/host", family: AddressFamily.InterNetworkV6));
        Assert.True(lab.Allows("x/a", "x/b"));
        Assert.True(lab.Allows("x/a", "172.17.5.9"));
        Assert.True(Lab.NodeLabels("zone=2")
            .Admin("p", 1, egress: [TierRules.Deny(TierRules.Nodes("zone=1"))])
            .Allows("x/a", "node"));
        Assert.False(Lab.Admin("p", 1, egress: [TierRules.Deny(TierRules.Nodes("kubernetes.io/os=linux"))])
            .Allows("x/a", "node"));
    }

    [Fact]
    public void The_node_is_closed_by_admin_and_baseline_but_never_by_network_policy()
    {
        var baseline = Lab.Baseline(egress: [TierRules.Deny(TierRules.Nodes())]);
        Assert.Equal((false, SideBasis.RuleDenies), Leaving(baseline, "node"));
        Assert.Equal((true, SideBasis.NodeTraffic), Leaving(baseline.Policy("x/closed", egress: []), "node"));
        Assert.Equal((true, SideBasis.NodeTraffic), Leaving(Lab, "x/host"));
        Assert.Equal((false, SideBasis.RuleDenies),
            Leaving(baseline.Admin("p", 1, egress: [TierRules.Deny(TierRules.Nodes())]), "node"));
        Assert.True(Lab.Admin("pass", 0, egress: [TierRules.Pass(All)]).Allows("x/a", "node"));
    }

    [Fact]
    public void The_node_reaches_its_pods_whatever_the_tiers_say()
    {
        var everything = new TierRule(null, TierAction.Deny, [All, TierRules.Nodes(), TierRules.Networks("0.0.0.0/0")],
            [], Selector.Nowhere);
        var lab = Lab.Admin("p", 1, [everything]).Baseline([everything]);
        Assert.True(lab.Allows("node", "x/a"));
        Assert.True(lab.Allows("x/host", "x/a"));
    }

    [Fact]
    public void A_pod_reaches_itself_whatever_the_tiers_say() =>
        Assert.True(Lab.Admin("p", 1, [TierRules.Deny(All)], [TierRules.Deny(All)]).Allows("x/a", "x/a"));

    [Fact]
    public void An_external_is_no_peer_of_an_ingress_rule() =>
        Assert.Equal(SideBasis.NotIsolated,
            Lab.Admin("p", 1, [TierRules.Deny(All)]).Judge("172.17.5.9", "x/a").Entering.Basis);

    [Fact]
    public void No_ports_are_everything_and_any_port_excludes_ICMP()
    {
        Assert.False(Lab.Admin("p", 1, [TierRules.Deny(All)]).Allows("x/a", "x/b", "icmp"));
        Assert.True(Lab.Admin("p", 1, [TierRules.Deny(All, "TCP", "UDP", "SCTP")]).Allows("x/a", "x/b", "icmp"));
        Assert.False(Lab.Admin("p", 1, [TierRules.Deny(All)]).Allows("x/a", "x/b", "sctp/7"));
    }

    [Theory]
    [InlineData("TCP:79", true)]
    [InlineData("TCP:80", false)]
    [InlineData("TCP:90", false)]
    [InlineData("TCP:91", true)]
    [InlineData("UDP:80", true)]
    [InlineData("SCTP:85", true)]
    public void A_range_is_inclusive_and_of_its_protocol(string probe, bool allowed) =>
        Assert.Equal(allowed,
            Lab.Admin("p", 1, [TierRules.Deny(All, "SCTP 1", "TCP 80-90")]).Allows("x/a", "x/b", probe));

    [Theory]
    [InlineData("x/a", "TCP:80", false)]
    [InlineData("x/a", "UDP:80", true)]
    [InlineData("x/a", "UDP:53", true)]
    [InlineData("x/b", "UDP:80", false)]
    [InlineData("x/b", "TCP:80", true)]
    [InlineData("x/b", "TCP:8080", false)]
    [InlineData("y/a", "TCP:80", true)]
    [InlineData("node", "TCP:80", true)]
    [InlineData("x/host", "TCP:80", true)]
    [InlineData("172.17.5.9", "TCP:80", true)]
    public void A_name_is_the_destinations_whatever_the_protocol(string to, string probe, bool allowed)
    {
        var everywhere = new[] { All, TierRules.Nodes(), TierRules.Networks("0.0.0.0/0") };
        var from = to == "x/a" ? "x/b" : "x/a";
        Assert.Equal(allowed,
            Lab.Admin("p", 1, egress: [TierRules.Of(TierAction.Deny, everywhere, ["http"])]).Allows(from, to, probe));
    }

    [Fact]
    public void A_denial_by_a_tier_has_no_near_misses()
    {
        var lab = Lab.Policy("x/closed", "app=b", ingress: [Rule.Ports("TCP 1")]).Admin("p", 1, [TierRules.Deny(All)]);
        Assert.Empty(Explanation.Of(lab.Cluster, lab.Flow("x/a", "x/b")).Entering.Nearest);
    }

    private static (bool, SideBasis) Entering(Lab lab, string probe = "TCP:80")
    {
        var side = lab.Judge("x/a", "x/b", probe).Entering;
        return (side.Allowed, side.Basis);
    }

    private static (bool, SideBasis) Leaving(Lab lab, string to)
    {
        var side = lab.Judge("x/a", to).Leaving;
        return (side.Allowed, side.Basis);
    }
}
