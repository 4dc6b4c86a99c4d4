using System.Net;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Objects;
using static Dataplane.Kubernetes.Tests.TierTexts;

namespace Dataplane.Kubernetes.Tests;

public sealed class TierPolicyTests
{
    private static TierPolicyObject Only(LoadResult result) => Assert.Single(result.Clean().TierPolicies);

    [Fact]
    public void A_cluster_network_policy_arrives_whole()
    {
        var policy = Only(Cluster("""
            tier: Baseline
            priority: 1000
            subject:
              pods:
                namespaceSelector: {matchLabels: {a: b}}
                podSelector: {matchLabels: {c: d}}
            ingress:
            - name: first
              action: Accept
              from:
              - namespaces: {matchLabels: {e: f}}
              - pods: {namespaceSelector: {}, podSelector: {matchLabels: {g: h}}}
              protocols:
              - tcp: {destinationPort: {number: 80}}
              - udp: {destinationPort: {range: {start: 1, end: 65535}}}
              - sctp: {destinationPort: {number: 9}}
              - destinationNamedPort: web
            - action: Deny
              from: [{namespaces: {}}]
            egress:
            - action: Deny
              to:
              - nodes: {matchLabels: {i: j}}
              - networks: [10.1.2.3/8, "fd00::/8"]
            """).Errors());
        Assert.Equal(("ClusterNetworkPolicy", "p", PolicyTier.Baseline, 1000),
            (policy.Kind, policy.FullName, policy.Tier, policy.Priority));
        Assert.Equal(("a", "c"), (Assert.Single(policy.Subject.NamespaceSelector.Requirements).Key,
            Assert.Single(policy.Subject.PodSelector!.Requirements).Key));
        Assert.Equal([("first", TierAction.Accept), (null, TierAction.Deny)],
            policy.Ingress.Select(r => (r.RuleName, r.Action)));
        var first = policy.Ingress[0];
        Assert.Equal(["e", "none"],
            first.Peers.Select(p => p.NamespaceSelector!.Requirements is [var one, ..] ? one.Key : "none"));
        Assert.Equal([null, "g"], first.Peers.Select(p => p.PodSelector?.Requirements[0].Key));
        Assert.Equal<(TransportProtocol?, int, int, string?)>(
            [(TransportProtocol.Tcp, 80, 80, null), (TransportProtocol.Udp, 1, 65535, null),
                (TransportProtocol.Sctp, 9, 9, null), (null, 0, 0, "web")],
            first.Ports.Select(p => (p.Protocol, (int)p.First, (int)p.Last, p.Name)));
        Assert.Empty(policy.Ingress[1].Ports);
        var egress = Assert.Single(policy.Egress);
        Assert.Equal("i", Assert.Single(egress.Peers[0].Nodes!.Requirements).Key);
        Assert.Equal([IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("fd00::/8")], egress.Peers[1].Networks);
        Assert.Null(egress.Peers[1].NamespaceSelector);
    }

    [Fact]
    public void An_admin_network_policy_arrives_whole()
    {
        var policy = Only(Admin("""
            priority: 0
            subject: {namespaces: {matchLabels: {a: b}}}
            egress:
            - action: Allow
              to: [{namespaces: {}}]
              ports:
              - portNumber: {port: 53, protocol: UDP}
              - portNumber: {port: 80}
              - portRange: {start: 7, end: 7, protocol: SCTP}
              - namedPort: web
            - {action: Pass, to: [{networks: [0.0.0.0/0]}]}
            """));
        Assert.Equal(("AdminNetworkPolicy", PolicyTier.Admin, 0), (policy.Kind, policy.Tier, policy.Priority));
        Assert.Null(policy.Subject.PodSelector);
        Assert.Equal([TierAction.Accept, TierAction.Pass], policy.Egress.Select(r => r.Action));
        Assert.Equal<(TransportProtocol?, int, int, string?)>(
            [(TransportProtocol.Udp, 53, 53, null), (TransportProtocol.Tcp, 80, 80, null),
                (TransportProtocol.Sctp, 7, 7, null), (null, 0, 0, "web")],
            policy.Egress[0].Ports.Select(p => (p.Protocol, (int)p.First, (int)p.Last, p.Name)));
    }

    [Fact]
    public void The_baseline_comes_last()
    {
        var policy = Only(Baseline(Subject + "ingress: [{action: Deny, from: [{namespaces: {}}]}]"));
        Assert.Equal((PolicyTier.Baseline, 1001), (policy.Tier, policy.Priority));
    }

    [Fact]
    public void The_one_baseline_is_named_default() => Baseline(Subject, "other").Only(Codes.InvalidName);

    [Theory]
    [InlineData("Pass", null)]
    [InlineData("Accept", "this kind says `Allow`")]
    public void The_baseline_only_allows_and_denies(string action, string? help)
        => Assert.Equal(help, Baseline(Subject + $"ingress: [{{action: {action}, from: [{{namespaces: {{}}}}]}}]")
            .Only(Codes.NotOneOf).Help);

    [Theory]
    [InlineData("Allow", "this kind says `Accept`")]
    [InlineData("deny", "did you mean `Deny`?")]
    [InlineData("Drop", null)]
    public void Wrong_actions(string action, string? help)
        => Assert.Equal(help,
            ClusterIngress($"{{action: {action}, from: [{{namespaces: {{}}}}]}}").Only(Codes.NotOneOf).Help);

    [Fact]
    public void Pass_in_the_baseline_tier_is_accept()
    {
        var result =
            Cluster("tier: Baseline\npriority: 1\n" + Subject + "ingress: [{action: Pass, from: [{namespaces: {}}]}]");
        Assert.Equal(Severity.Note, result.Only(Codes.PassInBaseline).Severity);
        Assert.Equal(TierAction.Accept, result.Manifests.TierPolicies[0].Ingress[0].Action);
    }

    [Theory]
    [InlineData("tier: Admin\npriority: 1001\n" + Subject, Codes.InvalidValue)]
    [InlineData("tier: Admin\npriority: -1\n" + Subject, Codes.InvalidValue)]
    [InlineData("tier: Admin\npriority: '1'\n" + Subject, Codes.WrongType)]
    [InlineData("tier: Admin\n" + Subject, Codes.MissingField)]
    [InlineData("tier: admin\npriority: 1\n" + Subject, Codes.NotOneOf)]
    [InlineData("tier: NetworkPolicy\npriority: 1\n" + Subject, Codes.NotOneOf)]
    [InlineData("priority: 1\n" + Subject, Codes.MissingField)]
    [InlineData("tier: Admin\npriority: 1", Codes.MissingField)]
    [InlineData("tier: Admin\npriority: 1\nsubject: {}", Codes.NotExactlyOne)]
    [InlineData("tier: Admin\npriority: 1\nsubject: {namespaces: null}", Codes.NotExactlyOne)]
    [InlineData("tier: Admin\npriority: 1\nsubject: {namespaces: {}, pods: {namespaceSelector: {}, podSelector: {}}}",
        Codes.NotExactlyOne)]
    [InlineData("tier: Admin\npriority: 1\nsubject: {podSelector: {}}", Codes.UnknownField)]
    [InlineData("tier: Admin\npriority: 1\n" + Subject + "engress: []", Codes.UnknownField)]
    public void Wrong_specs(string spec, string code) => Cluster(spec).Only(code);

    [Theory]
    [InlineData("{action: Deny}", Codes.MissingField)]
    [InlineData("{action: Deny, to: []}", Codes.InvalidPeer)]
    [InlineData("{to: [{namespaces: {}}]}", Codes.MissingField)]
    [InlineData("{action: Deny, to: [{}]}", Codes.InvalidPeer)]
    [InlineData("{action: Deny, to: [null]}", Codes.InvalidPeer)]
    [InlineData("{action: Deny, to: [{namespaces: {}, nodes: {}}]}", Codes.InvalidPeer)]
    [InlineData("{action: Deny, from: [{namespaces: {}}], to: [{namespaces: {}}]}", Codes.UnknownField)]
    [InlineData("{action: Deny, to: [{ipBlock: {cidr: 10.0.0.0/8}}]}", Codes.UnknownField)]
    [InlineData("{action: Deny, to: [{networks: []}]}", Codes.InvalidPeer)]
    [InlineData("{action: Deny, to: [{networks: [10.0.0.0]}]}", Codes.InvalidIpBlock)]
    [InlineData("{action: Deny, to: [{networks: ['::ffff:10.0.0.0/104']}]}", Codes.InvalidIpBlock)]
    [InlineData("{action: Deny, to: [{networks: [10.0.0.0/8, 10.0.0.0/8]}]}", Codes.InvalidIpBlock)]
    [InlineData("{action: Accept, to: [{domainNames: [kubernetes.io]}]}", Codes.CannotBeDone)]
    [InlineData("{action: Deny, to: [{namespaces: {}}], protocols: []}", Codes.InvalidPort)]
    [InlineData("{action: Deny, to: [{namespaces: {}}], ports: [{portNumber: {port: 1}}]}", Codes.UnknownField)]
    [InlineData("{action: Deny, to: [{networks: [10.0.0.0/8]}], protocols: [{destinationNamedPort: web}]}",
        Codes.InvalidPort)]
    [InlineData("{action: Deny, to: [{namespaces: {}}, {nodes: {}}], protocols: [{destinationNamedPort: web}]}",
        Codes.InvalidPort)]
    public void Wrong_egress_rules(string rule, string code) => ClusterEgress(rule).Only(code);

    [Theory]
    [InlineData("networks: [10.0.0.0/8]")]
    [InlineData("nodes: {}")]
    public void Networks_and_nodes_are_no_sources(string peer) =>
        ClusterIngress("{action: Deny, from: [{" + peer + "}]}").Only(Codes.InvalidPeer);

    [Fact]
    public void Domain_names_are_refused_in_the_baseline_too()
        => Baseline(Subject + "egress: [{action: Allow, to: [{domainNames: [a.b]}]}]").Only(Codes.CannotBeDone);

    [Theory]
    [InlineData("{}", Codes.NotExactlyOne)]
    [InlineData("{tcp: {}}", Codes.MissingField)]
    [InlineData("{tcp: {destinationPort: {}}}", Codes.NotExactlyOne)]
    [InlineData("{tcp: {destinationPort: {number: 0}}}", Codes.InvalidPort)]
    [InlineData("{tcp: {destinationPort: {number: 65536}}}", Codes.InvalidPort)]
    [InlineData("{tcp: {destinationPort: {number: '80'}}}", Codes.WrongType)]
    [InlineData("{tcp: {destinationPort: {number: 80, range: {start: 1, end: 2}}}}", Codes.NotExactlyOne)]
    [InlineData("{tcp: {destinationPort: {range: {start: 2, end: 1}}}}", Codes.InvalidEndPort)]
    [InlineData("{tcp: {destinationPort: {range: {start: 2, end: 2}}}}", Codes.InvalidEndPort)]
    [InlineData("{tcp: {destinationPort: {range: {start: 2}}}}", Codes.MissingField)]
    [InlineData("{tcp: {destinationPort: {number: 1}}, udp: {destinationPort: {number: 1}}}", Codes.NotExactlyOne)]
    [InlineData("{tcp: {port: 80}}", Codes.UnknownField)]
    [InlineData("{destinationNamedPort: ''}", Codes.InvalidPort)]
    [InlineData("{icmp: {}}", Codes.UnknownField)]
    public void Wrong_protocols(string protocol, string code) =>
        Assert.Contains(ClusterPort(protocol).Diagnostics, d => d.Code == code && d.Severity == Severity.Error);

    [Theory]
    [InlineData("{}", Codes.NotExactlyOne)]
    [InlineData("{portNumber: {protocol: TCP}}", Codes.MissingField)]
    [InlineData("{portNumber: {protocol: tcp, port: 1}}", Codes.NotOneOf)]
    [InlineData("{portNumber: {port: 0}}", Codes.InvalidPort)]
    [InlineData("{portNumber: {port: 1}, namedPort: web}", Codes.NotExactlyOne)]
    [InlineData("{portRange: {start: 10, end: 1}}", Codes.InvalidEndPort)]
    [InlineData("{portRange: {start: 10}}", Codes.MissingField)]
    [InlineData("{port: 80}", Codes.UnknownField)]
    public void Wrong_ports(string port, string code) => AdminPort(port).Only(code);

    [Theory]
    [InlineData(25, true)]
    [InlineData(26, false)]
    public void A_cluster_network_policy_has_at_most_25_rules_peers_and_ports(int count, bool good)
    {
        var rules = Enumerable.Repeat("{action: Deny, to: [{namespaces: {}}]}", count);
        var peers = Enumerable.Repeat("{namespaces: {}}", count);
        var networks = Enumerable.Range(0, count).Select(i => $"10.{i}.0.0/16");
        string[] texts =
        [
            $"[{string.Join(", ", rules)}]",
            $"[{{action: Deny, to: [{string.Join(", ", peers)}]}}]",
            $"[{{action: Deny, to: [{{networks: [{string.Join(", ", networks)}]}}]}}]",
            $"[{{action: Deny, to: [{{namespaces: {{}}}}], protocols: "
                + $"[{string.Join(", ", Enumerable.Repeat("{destinationNamedPort: a}", count))}]}}]",
        ];
        foreach (var text in texts)
        {
            var result = Cluster("tier: Admin\npriority: 1\n" + Subject + "egress: " + text);
            Assert.Equal(good ? [] : [Codes.TooManyItems], result.Diagnostics.Select(d => d.Code));
        }
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void An_admin_network_policy_has_at_most_100_rules(int count, bool good)
        => Assert.Equal(good ? [] : [Codes.TooManyItems], Admin("priority: 1\n" + Subject + "ingress: ["
            + string.Join(", ", Enumerable.Repeat("{action: Deny, from: [{namespaces: {}}]}", count))
            + "]").Diagnostics.Select(d => d.Code));

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void Names_of_rules_have_at_most_100_characters(int length, bool good)
        => Assert.Equal(good ? [] : [Codes.InvalidName],
            ClusterIngress($"{{name: {new string('x', length)}, action: Deny, from: "
                + $"[{{namespaces: {{}}}}]}}").Diagnostics.Select(d => d.Code));

    [Fact]
    public void A_missing_selector_means_everything_and_is_warned_of()
    {
        var result = ClusterIngress("{action: Deny, from: [{pods: {namespaceSelector: {matchLabels: {a: b}}}}]}");
        Assert.Equal(Severity.Warning, result.Only(Codes.MissingSelector).Severity);
        Assert.Empty(result.Manifests.TierPolicies[0].Ingress[0].Peers[0].PodSelector!.Requirements);
    }

    [Fact]
    public void They_are_sorted_as_they_are_asked_and_kinds_may_share_a_name()
    {
        string One(string kind, string name, string more) =>
            $"{{apiVersion: policy.networking.k8s.io/{(kind == "ClusterNetworkPolicy" ? "v1alpha2" : "v1alpha1")}, "
            + $"kind: {kind}, metadata: {{name: {name}}}, spec: {{subject: {{namespaces: {{}}}}{more}}}}}\n---\n";
        var set = Given.Text(One("BaselineAdminNetworkPolicy", "default", "")
            + One("ClusterNetworkPolicy", "default", ", tier: Baseline, priority: 1000")
            + One("AdminNetworkPolicy", "default", ", priority: 10")
            + One("ClusterNetworkPolicy", "b", ", tier: Admin, priority: 9")
            + One("ClusterNetworkPolicy", "a", ", tier: Admin, priority: 9")).Clean();
        Assert.Equal(["a", "b", "default", "default", "default"], set.TierPolicies.Select(p => p.Name));
        Assert.Equal([9, 9, 10, 1000, 1001], set.TierPolicies.Select(p => p.Priority));
        Assert.Equal(["AdminNetworkPolicy", "ClusterNetworkPolicy", "BaselineAdminNetworkPolicy"],
            set.TierPolicies.Skip(2).Select(p => p.Kind));
    }

    [Fact]
    public void The_same_kind_and_name_is_a_duplicate()
    {
        var policy = "{apiVersion: policy.networking.k8s.io/v1alpha1, kind: BaselineAdminNetworkPolicy, metadata: "
            + "{name: default}, spec: {subject: {namespaces: {}}}}\n";
        Given.Text(policy + "---\n" + policy).Only(Codes.DuplicateObject);
    }
}
