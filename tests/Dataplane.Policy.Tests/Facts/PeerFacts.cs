using System.Net.Sockets;
using Dataplane.Kubernetes.Objects;
namespace Dataplane.Policy.Tests;

/// <summary>Who a rule is about: facts 7, 11 and 14.</summary>
public sealed class PeerFacts
{
    private static Lab Clients => new Lab()
        .Namespace("x").Namespace("prod", "ns=prod")
        .Pod("x/db", "app=db")          // 10.244.0.2
        .Pod("x/client", "app=client")  // 10.244.0.3
        .Pod("x/other", "app=other")    // 10.244.0.4
        .Pod("prod/client", "app=client")
        .Pod("prod/other", "app=other");

    private static Lab Enter(params NetworkPolicyPeer[] peers) =>
        Clients.Policy("x/p", "app=db", ingress: [Rule.Peers(peers)]);

    private static string Entering(Lab lab) => string.Join(' ',
        new[] { "x/client", "x/other", "prod/client", "prod/other", "172.17.5.9" }
            .Where(from => lab.Allows(from, "x/db")));

    [Fact]
    public void Fact07_podSelector_alone_means_the_policys_own_namespace() =>
        Assert.Equal("x/client", Entering(Enter(Rule.Pods("app=client"))));

    [Fact]
    public void Fact07_an_empty_podSelector_peer_is_every_pod_of_the_own_namespace_and_no_address_outside() =>
        Assert.Equal("x/client x/other", Entering(Enter(Rule.Pods("{}"))));

    [Fact]
    public void Fact07_an_empty_namespaceSelector_includes_the_own_namespace_and_no_address_outside() =>
        Assert.Equal("x/client x/other prod/client prod/other", Entering(Enter(Rule.Namespaces("{}"))));

    [Fact]
    public void Fact07_namespaceSelector_alone_means_all_their_pods() =>
        Assert.Equal("prod/client prod/other", Entering(Enter(Rule.Namespaces("ns=prod"))));

    [Fact]
    public void Fact07_both_selectors_in_one_peer_are_anded() =>
        Assert.Equal("prod/client", Entering(Enter(Rule.Both("ns=prod", "app=client"))));

    [Fact]
    public void Fact07_separate_peers_are_ored() =>
        Assert.Equal("x/client prod/client prod/other",
            Entering(Enter(Rule.Namespaces("ns=prod"), Rule.Pods("app=client"))));

    [Fact]
    public void Fact07_selectors_of_peers_look_at_the_other_end_when_leaving_too()
    {
        var lab = Clients.Policy("x/p", "app=client", egress: [Rule.Peers(Rule.Both("ns=prod", "app=other"))]);
        Assert.True(lab.Allows("x/client", "prod/other"));
        Assert.False(lab.Allows("x/client", "prod/client"));
        Assert.False(lab.Allows("x/client", "x/other"));
    }

    [Fact]
    public void A_peer_without_any_field_matches_nothing() =>
        Assert.Equal("", Entering(Enter(new NetworkPolicyPeer(null, null, null, Selector.Nowhere))));

    [Fact]
    public void Fact11_peers_and_ports_pair_within_a_rule_and_never_across_rules_or_policies()
    {
        var acrossRules = Clients.Policy("x/p", "app=db",
            ingress: [Rule.Of([Rule.Pods("app=client")], ["TCP 80"]), Rule.Of([Rule.Pods("app=other")], ["TCP 443"])]);
        var acrossPolicies = Clients
            .Policy("x/p", "app=db", ingress: [Rule.Of([Rule.Pods("app=client")], ["TCP 80"])])
            .Policy("x/q", "app=db", ingress: [Rule.Of([Rule.Pods("app=other")], ["TCP 443"])]);
        foreach (var lab in new[] { acrossRules, acrossPolicies })
        {
            Assert.True(lab.Allows("x/client", "x/db", "TCP:80"));
            Assert.False(lab.Allows("x/client", "x/db", "TCP:443"));
            Assert.True(lab.Allows("x/other", "x/db", "TCP:443"));
            Assert.False(lab.Allows("x/other", "x/db", "TCP:80"));
        }
    }

    [Fact]
    public void Fact11_a_rule_needs_both_its_peer_and_its_port()
    {
        var lab = Clients.Policy("x/p", "app=db", ingress: [Rule.Of([Rule.Pods("app=client")], ["TCP 80"])]);
        Assert.False(lab.Allows("x/client", "x/db", "TCP:81"));
        Assert.False(lab.Allows("x/other", "x/db", "TCP:80"));
    }

    [Fact]
    public void Fact14_ipBlock_matches_pod_addresses_too() =>
        Assert.Equal("x/client", Entering(Enter(Rule.Block("10.244.0.3/32"))));

    [Fact]
    public void Fact14_ipBlock_looks_at_the_destination_when_leaving()
    {
        var lab = Clients.Policy("x/p", "app=client",
            egress: [Rule.Peers(Rule.Block("10.244.0.4/32"), Rule.Block("172.17.0.0/16"))]);
        Assert.True(lab.Allows("x/client", "x/other"));
        Assert.False(lab.Allows("x/client", "x/db"));
        Assert.True(lab.Allows("x/client", "172.17.5.9"));
        Assert.False(lab.Allows("x/client", "172.18.5.9"));
    }

    [Fact]
    public void Fact14_except_narrows_its_own_block()
    {
        var lab = Enter(Rule.Block("172.17.0.0/16", "172.17.1.0/24", "172.17.3.0/24"));
        Assert.True(lab.Allows("172.17.5.9", "x/db"));
        Assert.False(lab.Allows("172.17.1.9", "x/db"));
        Assert.False(lab.Allows("172.17.3.9", "x/db"));
        Assert.False(lab.Allows("172.18.5.9", "x/db"));
    }

    [Fact]
    public void Fact14_except_narrows_only_its_own_block()
    {
        var otherBlock = Enter(Rule.Block("172.17.0.0/16", "172.17.1.0/24"), Rule.Block("172.17.1.8/29"));
        Assert.True(otherBlock.Allows("172.17.1.9", "x/db"));
        Assert.False(otherBlock.Allows("172.17.1.1", "x/db"));

        var otherPeer = Enter(Rule.Block("0.0.0.0/0", "10.244.0.0/16"), Rule.Pods("app=client"));
        Assert.Equal("x/client 172.17.5.9", Entering(otherPeer));
    }

    [Fact]
    public void Fact14_all_of_one_family_is_nothing_of_the_other()
    {
        var v4 = Enter(Rule.Block("0.0.0.0/0"));
        Assert.True(v4.Allows("x/client", "x/db"));
        Assert.False(v4.Allows("x/client", "x/db", family: AddressFamily.InterNetworkV6));

        var v6 = Enter(Rule.Block("::/0", "fd00:10:244::4/128"));
        Assert.False(v6.Allows("x/client", "x/db"));
        Assert.True(v6.Allows("x/client", "x/db", family: AddressFamily.InterNetworkV6));
        Assert.False(v6.Allows("x/other", "x/db", family: AddressFamily.InterNetworkV6));
        Assert.True(v6.Allows("2001:db8::1", "x/db", family: AddressFamily.InterNetworkV6));
    }

    [Fact]
    public void Selectors_hold_for_both_families()
    {
        var lab = Enter(Rule.Pods("app=client"));
        Assert.True(lab.Allows("x/client", "x/db", family: AddressFamily.InterNetworkV6));
        Assert.False(lab.Allows("x/other", "x/db", family: AddressFamily.InterNetworkV6));
    }
}
