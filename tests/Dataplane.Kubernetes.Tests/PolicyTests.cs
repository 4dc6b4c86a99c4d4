using System.Net;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Kubernetes.Tests;

public sealed class PolicyTests
{
    [Theory]
    [InlineData("podSelector: {}", true, false)]
    [InlineData("{}", true, false)]
    [InlineData("podSelector: null\npolicyTypes: []", true, false)]
    [InlineData("egress: []", true, false)]
    [InlineData("egress: [{}]", true, true)]
    [InlineData("policyTypes: [Egress]", false, true)]
    [InlineData("policyTypes: [Ingress]\negress: [{}]", true, false)]
    [InlineData("policyTypes: [Ingress, Egress]", true, true)]
    public void Types_and_their_defaults(string spec, bool ingress, bool egress)
    {
        var policy = Given.PolicySpec(spec).Policy();
        Assert.Equal((ingress, egress), (policy.IsolatesIngress, policy.IsolatesEgress));
        Assert.Empty(policy.PodSelector.Requirements);
    }

    [Fact]
    public void A_policy_without_spec_is_what_the_API_takes_it_for()
        => Assert.True(Given.Text("apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\n")
            .Policy().IsolatesIngress);

    [Theory]
    [InlineData("policyTypes: [ingress]", Codes.NotOneOf)]
    [InlineData("policyTypes: Ingress", Codes.WrongType)]
    [InlineData("policyTypes: [Ingress, Egress, Ingress]", Codes.InvalidValue)]
    [InlineData("ingress: {}", Codes.WrongType)]
    [InlineData("ingress: [a]", Codes.WrongType)]
    [InlineData("podSelector: []", Codes.WrongType)]
    [InlineData("podselector: {}", Codes.UnknownField)]
    [InlineData("podSelector: {matchLabel: {a: b}}", Codes.UnknownField)]
    [InlineData("podSelector: {matchLabels: {a: 1}}", Codes.InvalidLabel)]
    [InlineData("podSelector: {matchLabels: {a: }}", Codes.ReadDifferently)]
    [InlineData("podSelector: {matchLabels: {'a b': c}}", Codes.InvalidLabel)]
    [InlineData("podSelector: {matchExpressions: [{key: a, operator: In}]}", Codes.InvalidSelector)]
    [InlineData("podSelector: {matchExpressions: [{key: a, operator: NotIn, values: []}]}", Codes.InvalidSelector)]
    [InlineData("podSelector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}", Codes.InvalidSelector)]
    [InlineData("podSelector: {matchExpressions: [{key: a, operator: DoesNotExist, values: [b]}]}",
        Codes.InvalidSelector)]
    [InlineData("podSelector: {matchExpressions: [{key: a, operator: in, values: [b]}]}", Codes.NotOneOf)]
    [InlineData("podSelector: {matchExpressions: [{key: a, operator: Gt, values: [b]}]}", Codes.NotOneOf)]
    [InlineData("podSelector: {matchExpressions: [{key: a, operator: In, values: [1]}]}", Codes.InvalidLabel)]
    [InlineData("podSelector: {matchExpressions: [{key: a, operator: In, values: ['-']}]}", Codes.InvalidLabel)]
    [InlineData("podSelector: {matchExpressions: [{operator: Exists}]}", Codes.MissingField)]
    [InlineData("podSelector: {matchExpressions: [{key: a}]}", Codes.MissingField)]
    [InlineData("podSelector: {matchExpressions: [{key: '-', operator: Exists}]}", Codes.InvalidLabel)]
    [InlineData("podSelector: {matchExpressions: {key: a, operator: Exists}}", Codes.WrongType)]
    public void Faults_of_the_spec(string spec, string code) => Given.PolicySpec(spec).Only(code);

    [Fact]
    public void Selectors()
    {
        var policy = Given.PolicySpec("""
            podSelector:
              matchLabels: {b: "2", a: ""}
              matchExpressions:
              - {key: c, operator: NotIn, values: [x, "y"]}
              - {key: d, operator: Exists}
              - {key: e, operator: DoesNotExist, values: []}
            """).Policy();
        Assert.Equal(
            ["b In 2", "a In ", "c NotIn x,y", "d Exists ", "e DoesNotExist "],
            policy.PodSelector.Requirements.Select(r => $"{r.Key} {r.Operator} {string.Join(',', r.Values)}"));
    }

    [Fact]
    public void A_whole_rule()
    {
        var rule = Assert.Single(Given.IngressRule("""
            from:
            - podSelector: {matchLabels: {a: b}}
              namespaceSelector: {}
            - ipBlock: {cidr: 10.1.2.3/8, except: [10.2.3.4/16]}
            - ipBlock: {cidr: "fd00:1::5/64"}
            ports:
            - {}
            - {port: 80, endPort: 90, protocol: SCTP}
            - {port: http, protocol: UDP}
            """).Errors().Policy().Ingress);
        Assert.NotNull(rule.Peers[0].PodSelector);
        Assert.NotNull(rule.Peers[0].NamespaceSelector);
        Assert.Equal(IPNetwork.Parse("10.0.0.0/8"), rule.Peers[1].IpBlock!.Cidr);
        Assert.Equal([IPNetwork.Parse("10.2.0.0/16")], rule.Peers[1].IpBlock!.Except);
        Assert.Equal(IPNetwork.Parse("fd00:1::/64"), rule.Peers[2].IpBlock!.Cidr);
        Assert.Equal(
            [(TransportProtocol.Tcp, null, null, null), (TransportProtocol.Sctp, (ushort?)80, (ushort?)90, null),
                (TransportProtocol.Udp, null, null, "http")],
            rule.Ports.Select(p => (p.Protocol, p.Port, p.EndPort, p.Name)));
    }

    [Theory]
    [InlineData("from: null\nports: null")]
    [InlineData("from: []\nports: []")]
    [InlineData("{}")]
    public void Nothing_given_is_everything(string rule)
    {
        var read = Assert.Single(Given.IngressRule(rule).Policy().Ingress);
        Assert.Empty(read.Peers);
        Assert.Empty(read.Ports);
    }

    [Fact]
    public void An_empty_item_that_opens_everything_is_warned_about()
    {
        Assert.Equal(Severity.Warning, Given.PolicySpec("ingress:\n-\n").Only(Codes.EmptyItem).Severity);
        Given.IngressRule("ports:\n-\n").Only(Codes.EmptyItem);
    }

    [Theory]
    [InlineData("{}", Codes.InvalidPeer)]
    [InlineData("", Codes.InvalidPeer)]
    [InlineData("podSelector: null", Codes.InvalidPeer)]
    [InlineData("{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}", Codes.InvalidPeer)]
    [InlineData("{ipBlock: {cidr: 10.0.0.0/8}, namespaceSelector: {}}", Codes.InvalidPeer)]
    [InlineData("ipBlock: {}", Codes.MissingField)]
    [InlineData("ipBlock: {cidr: 10.0.0.0}", Codes.InvalidIpBlock)]
    [InlineData("ipBlock: {cidr: 10.0.0.0/33}", Codes.InvalidIpBlock)]
    [InlineData("ipBlock: {cidr: 10.0.0.0/-1}", Codes.InvalidIpBlock)]
    [InlineData("ipBlock: {cidr: 10.0.0/8}", Codes.InvalidIpBlock)]
    [InlineData("ipBlock: {cidr: 010.0.0.0/8}", Codes.InvalidIpBlock)]
    [InlineData("ipBlock: {cidr: 256.0.0.0/8}", Codes.InvalidIpBlock)]
    [InlineData("ipBlock: {cidr: '::/129'}", Codes.InvalidIpBlock)]
    [InlineData("ipBlock: {cidr: 'fe80::1%eth0/64'}", Codes.InvalidIpBlock)]
    [InlineData("ipBlock: {cidr: '[::1]/64'}", Codes.InvalidIpBlock)]
    [InlineData("ipBlock: {cidr: '::ffff:10.0.0.0/104'}", Codes.InvalidIpBlock)]
    [InlineData("ipBlock: {cidr: ''}", Codes.InvalidIpBlock)]
    [InlineData("ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/8]}", Codes.InvalidIpBlock)]
    [InlineData("ipBlock: {cidr: 10.0.0.0/8, except: [0.0.0.0/0]}", Codes.InvalidIpBlock)]
    [InlineData("ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/16]}", Codes.InvalidIpBlock)]
    [InlineData("ipBlock: {cidr: 0.0.0.0/0, except: ['fd00::/64']}", Codes.InvalidIpBlock)]
    [InlineData("ipBlock: {cidr: 10.0.0.0/8, except: 10.1.0.0/16}", Codes.WrongType)]
    [InlineData("ipBlock: {cdir: 10.0.0.0/8}", Codes.UnknownField, Codes.MissingField)]
    [InlineData("podSelector: {app: web}", Codes.UnknownField)]
    [InlineData("podSelctor: {}", Codes.UnknownField)]
    public void Faults_of_a_peer(string peer, params string[] codes)
        => Assert.Equal(codes.Order(), Given.IngressRule("from:\n- " + peer).Diagnostics.Select(d => d.Code).Order());

    [Theory]
    [InlineData("port: 0", Codes.InvalidPort)]
    [InlineData("port: 65536", Codes.InvalidPort)]
    [InlineData("port: -1", Codes.InvalidPort)]
    [InlineData("port: 80.5", Codes.WrongType)]
    [InlineData("port: true", Codes.WrongType)]
    [InlineData("port: '80'", Codes.InvalidPort)]
    [InlineData("port: HTTP", Codes.InvalidPort)]
    [InlineData("port: a--b", Codes.InvalidPort)]
    [InlineData("port: a234567890123456", Codes.InvalidPort)]
    [InlineData("port: ''", Codes.InvalidPort)]
    [InlineData("protocol: tcp", Codes.NotOneOf)]
    [InlineData("protocol: ICMP", Codes.NotOneOf)]
    [InlineData("protocol: ''", Codes.NotOneOf)]
    [InlineData("endPort: 90", Codes.InvalidEndPort)]
    [InlineData("{port: 80, endPort: 79}", Codes.InvalidEndPort)]
    [InlineData("{port: http, endPort: 90}", Codes.InvalidEndPort)]
    [InlineData("{port: 80, endPort: 65536}", Codes.InvalidPort)]
    [InlineData("{port: 80, endPort: http}", Codes.WrongType)]
    [InlineData("{port: 80, endport: 90}", Codes.UnknownField)]
    public void Faults_of_a_port(string port, string code) => Given.IngressRule("ports:\n- " + port).Only(code);

    [Theory]
    [InlineData("{port: 80, endPort: 80}")]
    [InlineData("port: a23456789012345")]
    [InlineData("protocol: null")]
    public void Good_ports(string port) => Given.IngressRule("ports:\n- " + port).Clean();

    [Fact]
    public void A_quoted_number_is_said_to_be_a_name()
    {
        var d = Given.IngressRule("ports:\n- port: \"80\"").Only(Codes.InvalidPort);
        Assert.Equal(("remove the quotes", 4), (d.Help, d.Length));
    }

    [Fact]
    public void Icmp_needs_a_rule_without_ports()
        => Assert.Equal("ICMP has no ports: a rule without `ports` lets it pass",
            Given.IngressRule("ports:\n- protocol: ICMP").Only(Codes.NotOneOf).Help);

    [Fact]
    public void A_protocol_in_small_letters_gets_a_suggestion()
        => Assert.Equal("did you mean `UDP`?", Given.IngressRule("ports:\n- protocol: udp").Only(Codes.NotOneOf).Help);
}
