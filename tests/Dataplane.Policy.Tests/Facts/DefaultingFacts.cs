using Dataplane.Kubernetes.Objects;

namespace Dataplane.Policy.Tests;

/// <summary>
/// Emptiness and isolation: facts 1, 2, 4, 5, 21. What the loader fills in arrives as the two Isolates flags.
/// </summary>
public sealed class DefaultingFacts
{
    private static Lab TwoPods => new Lab().Pod("x/a", "app=a").Pod("x/b", "app=b").Pod("y/c", "app=a");

    [Fact]
    public void Fact01_a_direction_that_is_not_isolated_stays_open()
    {
        var ingressOnly = TwoPods.Policy("x/p", ingress: []);
        Assert.False(ingressOnly.Allows("y/c", "x/a"));
        Assert.True(ingressOnly.Allows("x/a", "y/c"));

        var egressOnly = TwoPods.Policy("x/p", egress: []);
        Assert.True(egressOnly.Allows("y/c", "x/a"));
        Assert.False(egressOnly.Allows("x/a", "y/c"));
    }

    [Fact]
    public void Fact01_rules_of_a_direction_that_policyTypes_leaves_out_mean_nothing()
    {
        var lab = TwoPods.Policy("x/closed", ingress: [], egress: []);
        Assert.False(lab.Allows("y/c", "x/a"));
        lab.Policy(Unlisted(isolatesIngress: false, isolatesEgress: true));
        Assert.False(lab.Allows("y/c", "x/a"));
        Assert.True(lab.Allows("x/a", "y/c"));

        lab = TwoPods.Policy("x/closed", ingress: [], egress: [])
            .Policy(Unlisted(isolatesIngress: true, isolatesEgress: false));
        Assert.True(lab.Allows("y/c", "x/a"));
        Assert.False(lab.Allows("x/a", "y/c"));

        // Alone, such a policy leaves the direction open too: its rules are no reason to isolate.
        lab = TwoPods.Policy(
            Unlisted(isolatesIngress: true, isolatesEgress: false) with { Egress = [Rule.Ports("TCP 1")] });
        Assert.True(lab.Allows("x/a", "y/c"));

        static NetworkPolicyObject Unlisted(bool isolatesIngress, bool isolatesEgress) => new(
            "x", "unlisted", Selector.Labels(""), Selector.Of("{}"), isolatesIngress, isolatesEgress, [Rule.Everything],
            [Rule.Everything], Selector.Nowhere);
    }

    [Theory]
    [InlineData("TCP:80")]
    [InlineData("UDP:53")]
    [InlineData("SCTP:132")]
    [InlineData("ICMP")]
    public void Fact02_an_empty_rule_allows_everything_and_no_rule_nothing(string probe)
    {
        var open = TwoPods.Policy("x/p", ingress: [Rule.Everything], egress: [Rule.Everything]);
        Assert.True(open.Allows("y/c", "x/a", probe));
        Assert.True(open.Allows("x/a", "y/c", probe));
        Assert.True(open.Allows("172.17.5.9", "x/a", probe));
        Assert.True(open.Allows("x/a", "172.17.5.9", probe));

        var closed = TwoPods.Policy("x/p", ingress: [], egress: []);
        Assert.False(closed.Allows("y/c", "x/a", probe));
        Assert.False(closed.Allows("x/a", "172.17.5.9", probe));
    }

    [Fact]
    public void Fact02_no_peers_means_all_peers_on_the_ports()
    {
        var lab = TwoPods.Policy("x/p", ingress: [Rule.Ports("TCP 80")]);
        Assert.True(lab.Allows("y/c", "x/a"));
        Assert.True(lab.Allows("172.17.5.9", "x/a"));
        Assert.False(lab.Allows("y/c", "x/a", "TCP:81"));
    }

    [Fact]
    public void Fact02_no_ports_means_every_port_from_the_peers()
    {
        var lab = TwoPods.Policy("x/p", "app=a", ingress: [Rule.Peers(Rule.Pods("app=b"))]);
        Assert.True(lab.Allows("x/b", "x/a", "UDP:53"));
        Assert.True(lab.Allows("x/b", "x/a", "ICMP"));
        Assert.False(lab.Allows("y/c", "x/a", "UDP:53"));
    }

    [Fact]
    public void Fact04_an_empty_podSelector_selects_every_pod_of_the_policys_namespace_and_no_other()
    {
        var lab = TwoPods.Policy("x/p", "{}", ingress: []);
        Assert.False(lab.Allows("y/c", "x/a"));
        Assert.False(lab.Allows("y/c", "x/b"));
        Assert.True(lab.Allows("x/a", "y/c"));
    }

    [Fact]
    public void Fact05_a_namespace_that_nothing_declares_has_its_name_label()
    {
        var lab =
            TwoPods.Policy("x/p", "app=a", ingress: [Rule.Peers(Rule.Namespaces("kubernetes.io/metadata.name=y"))]);
        Assert.True(lab.Allows("y/c", "x/a"));
        Assert.False(lab.Allows("x/b", "x/a"));
    }

    [Fact]
    public void Fact21_policies_only_add_up_in_whatever_order()
    {
        Lab Allow(Lab lab) => lab.Policy("x/allow", "app=a", ingress: [Rule.Peers(Rule.Namespaces("{}"))]);
        Lab Deny(Lab lab) => lab.Policy("x/deny", ingress: []);

        Assert.True(Deny(Allow(TwoPods)).Allows("y/c", "x/a"));
        Assert.True(Allow(Deny(TwoPods)).Allows("y/c", "x/a"));
        Assert.False(Allow(Deny(TwoPods)).Allows("y/c", "x/b"));
    }

    [Fact]
    public void Both_ends_must_agree()
    {
        var lab = TwoPods.Policy("y/out", egress: []).Policy("x/in", ingress: [Rule.Everything]);
        var verdict = lab.Judge("y/c", "x/a");
        Assert.Equal((false, false, true), (verdict.Allowed, verdict.Leaving.Allowed, verdict.Entering.Allowed));
    }
}
