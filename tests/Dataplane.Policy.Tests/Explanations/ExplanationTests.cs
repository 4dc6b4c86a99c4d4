using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Explanations;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Tests;

public sealed class ExplanationTests
{
    private static Lab Lab => new Lab()
        .Namespace("x").Namespace("prod", "ns=prod")
        .Pod("x/web", "app=web", ["http=TCP 8080"])
        .Pod("x/client", "app=client")
        .Pod("prod/client", "app=client, tier=a");

    private static ExplainedSide Entering(Lab lab, string from = "x/client", string probe = "TCP:80") =>
        Explanation.Of(lab.Cluster, lab.Flow(from, "x/web", probe)).Entering;

    private static string Failed(string from, params NetworkPolicyRule[] rules) =>
        Assert.Single(Entering(Lab.Policy("x/p", "app=web", ingress: rules), from).Nearest).Failed;

    [Fact]
    public void An_open_side_names_nobody()
    {
        var side = Entering(Lab);
        Assert.Equal((true, SideBasis.NotIsolated), (side.Verdict.Allowed, side.Verdict.Basis));
        Assert.Empty(side.Verdict.IsolatedBy);
        Assert.Null(side.Verdict.DecidedBy);
        Assert.Empty(side.Nearest);
    }

    [Fact]
    public void An_allowed_side_names_every_isolating_policy_and_the_rule_that_allows()
    {
        var side = Entering(Lab.Policy("x/deny", ingress: [])
            .Policy("x/allow", "app=web", ingress: [Rule.Ports("TCP 1"), Rule.Ports("TCP 80")])
            .Policy("x/elsewhere", "app=client", ingress: [Rule.Everything])
            .Policy("prod/deny", ingress: []));
        Assert.Equal(["x/deny", "x/allow"], side.Verdict.IsolatedBy.Select(policy => policy.Name));
        Assert.Equal(("x/allow", Direction.Ingress, 1), (side.Verdict.DecidedBy!.Value.Policy.Name,
            side.Verdict.DecidedBy.Value.Direction, side.Verdict.DecidedBy.Value.Index));
        Assert.Equal(("NetworkPolicy", 7), (side.Verdict.IsolatedBy[1].Kind, side.Verdict.IsolatedBy[1].Position.Line));
        Assert.Empty(side.Nearest);
    }

    [Fact]
    public void A_denied_side_names_each_policys_nearest_rule_by_policy_name()
    {
        var side = Entering(Lab.Policy("x/b", "app=web",
            ingress: [Rule.Peers(Rule.Both("ns=prod", "app=z")), Rule.Ports("TCP 443")])
            .Policy("x/a", ingress: []).Policy("x/0", ingress: [Rule.Peers(Rule.Pods("app=y"))]));
        Assert.Equal(["x/b", "x/a", "x/0"], side.Verdict.IsolatedBy.Select(policy => policy.Name));
        Assert.Equal([("x/0", 0, "podSelector app=y"), ("x/b", 1, "ports TCP 443")],
            side.Nearest.Select(miss => (miss.Policy.Name, miss.Rule!.Value.Index, miss.Failed)));
    }

    /// <summary>The nearest rule of the two policies, of a flow on TCP 80 to x/web.</summary>
    private static string Nearest(string from, NetworkPolicyRule a, NetworkPolicyRule b) =>
        Entering(Lab.Policy("x/a", "app=web", ingress: [a]).Policy("x/b", "app=web", ingress: [b]), from)
            .Nearest[0].Policy.Name;

    [Fact]
    public void The_nearest_comes_first_and_fails_in_the_fewest_fields()
    {
        // Two fields against one, whose port is right.
        Assert.Equal("x/b", Nearest("x/client", Rule.Of([Rule.Pods("app=y")], ["UDP 53"]),
            Rule.Of([Rule.Both("ns=prod", "app=client")], ["TCP 80"])));
        // Two labels of one field are one field.
        Assert.Equal("x/b", Nearest("x/client", Rule.Of([Rule.Pods("app=y")], ["TCP 81"]),
            Rule.Peers(Rule.Pods("app=y, tier=z"))));
        // One field each: the rule that names the port is about this flow.
        Assert.Equal("x/b", Nearest("x/client", Rule.Peers(Rule.Pods("app=y")),
            Rule.Of([Rule.Pods("app=y")], ["TCP 80"])));
        // One field each, no port: the smaller edit.
        Assert.Equal("x/b", Nearest("x/client", Rule.Peers(Rule.Pods("app=y, tier=z")),
            Rule.Peers(Rule.Pods("app=y"))));
        // The kind of peer that could match is nearer than an address.
        Assert.Equal("x/b", Nearest("x/client", Rule.Of([Rule.Block("172.17.0.0/16")], ["TCP 80"]),
            Rule.Of([Rule.Both("ns=prod", "app=y")], ["TCP 81"])));
    }

    [Fact]
    public void Of_a_policys_rules_the_nearest_is_named()
    {
        var near = Assert.Single(Entering(Lab.Policy("x/p", "app=web", ingress:
        [
            Rule.Of([Rule.Pods("app=y")], ["UDP 53"]), Rule.Of([Rule.Pods("app=y, tier=z, a=b")], ["TCP 80"]),
        ])).Nearest);
        Assert.Equal(1, near.Rule!.Value.Index);
    }

    [Fact]
    public void A_policy_that_would_allow_but_does_not_select_the_pod_is_near_too()
    {
        var lab = Lab.Policy("x/deny", ingress: [])
            .Policy("x/allow", "app=wep, !tier", ingress: [Rule.Ports("TCP 80")])
            .Policy("x/unrelated", "app=wep", ingress: [Rule.Ports("TCP 81")])
            .Policy("x/egress", "app=wep", egress: [Rule.Everything])
            .Policy("prod/allow", "app=wep", ingress: [Rule.Everything]);
        var miss = Assert.Single(Entering(lab).Nearest);
        Assert.Equal(("x/allow", "spec.podSelector app=wep"), (miss.Policy.Name, miss.Failed));
        Assert.Null(miss.Rule);
    }

    [Fact]
    public void Failed_names_only_the_requirements_that_failed()
    {
        Assert.Equal("podSelector tier in (b,c), !app",
            Failed("x/client", Rule.Peers(Rule.Pods("app=client, tier in (b,c), !app"))));
        Assert.Equal("namespaceSelector ns=prod", Failed("x/client", Rule.Peers(Rule.Both("ns=prod", "app=client"))));
        Assert.Equal("namespaceSelector ns=prod; podSelector app=z",
            Failed("x/client", Rule.Peers(Rule.Both("ns=prod", "app=z"))));
        Assert.Equal("namespace x", Failed("prod/client", Rule.Peers(Rule.Pods("app=client"))));
        Assert.Equal("podSelector app=z; ports UDP 53, TCP 81-90, SCTP",
            Failed("x/client", Rule.Of([Rule.Pods("app=z")], ["UDP 53", "TCP 81-90", "SCTP"])));
    }

    [Fact]
    public void Failed_says_what_a_named_port_stands_for()
    {
        Assert.Equal("ports TCP http (8080 of x/web)", Failed("x/client", Rule.Ports("TCP http")));
        Assert.Equal("ports UDP http (not declared by x/web)", Failed("x/client", Rule.Ports("UDP http")));
    }

    [Fact]
    public void Failed_prefers_the_kind_of_peer_that_could_match()
    {
        var both = Rule.Peers(Rule.Block("172.17.0.0/16"), Rule.Pods("app=z, tier=q"));
        Assert.Equal("podSelector app=z, tier=q", Failed("x/client", both));
        Assert.Equal("ipBlock 172.17.0.0/16", Failed("172.18.5.9", both));
        Assert.Equal("ipBlock 172.17.0.0/16 except 172.17.1.0/24",
            Failed("172.17.1.9", Rule.Peers(Rule.Block("172.17.0.0/16", "172.17.2.0/24", "172.17.1.0/24"))));
        Assert.Equal("namespaceSelector ns=prod; podSelector {}",
            Failed("172.17.1.9", Rule.Peers(Rule.Both("ns=prod", "{}"))));
    }

    [Fact]
    public void The_leaving_side_is_explained_by_the_sources_policies()
    {
        var lab = Lab.Policy("x/out", "app=client", egress: [Rule.Of([Rule.Pods("app=web")], ["TCP http"])]);
        var explanation = Explanation.Of(lab.Cluster, lab.Flow("x/client", "x/web"));
        Assert.False(explanation.Verdict.Allowed);
        Assert.Equal("ports TCP http (8080 of x/web)", Assert.Single(explanation.Leaving.Nearest).Failed);
        Assert.Empty(explanation.Entering.Nearest);
    }

    [Fact]
    public void Nearest_rules_of_random_clusters_name_something_that_failed()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var cluster = RandomCluster.Generate(seed, size: 6);
            foreach (var flow in RandomCluster.Flows(cluster))
            {
                var explanation = Explanation.Of(cluster, flow);
                foreach (var (verdict, nearest) in new[] { explanation.Leaving, explanation.Entering })
                {
                    Assert.All(nearest, miss => Assert.NotEqual("", miss.Failed));
                    Assert.True(!verdict.Allowed || nearest.Count == 0);
                    Assert.Subset(
                        nearest.Select(miss => miss.Policy.Name).ToHashSet(),
                        verdict.IsolatedBy.Where(policy => !verdict.Allowed && HasRules(policy, verdict.Direction))
                            .Select(policy => policy.Name)
                            .ToHashSet());
                }
            }
        }

        static bool HasRules(PolicyReference reference, Direction side) =>
            reference.Policy is NetworkPolicyObject policy
                && (side == Direction.Egress ? policy.Egress : policy.Ingress).Count > 0;
    }
}
