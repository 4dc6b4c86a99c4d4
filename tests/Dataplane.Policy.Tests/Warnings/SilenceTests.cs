using Dataplane.Policy.Warnings;

namespace Dataplane.Policy.Tests.Warnings;

/// <summary>What is often written and rightly so must not be warned of; what is one step away from it must.</summary>
public sealed class SilenceTests
{
    private const string Web = "{apiVersion: v1, kind: Pod, metadata: {name: web, labels: {app: web}}, spec: "
        + "{containers: [{name: c, ports: [{name: http, containerPort: 80}]}]}}\n---\n";
    private const string Client = "{apiVersion: v1, kind: Pod, metadata: {name: client, labels: {app: client}}, spec: "
        + "{containers: [{name: c}]}}\n---\n";
    private const string Prod = "{apiVersion: v1, kind: Namespace, metadata: {name: prod, labels: {ns: prod}}}\n---\n"
        + "{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: prod, labels: {app: web}}, spec: {containers: "
        + "[{name: c}]}}\n---\n";

    private static string Policy(string spec, string name = "p") => $"{{apiVersion: networking.k8s.io/v1, kind: "
        + $"NetworkPolicy, metadata: {{name: {name}}}, spec: {{{spec}}}}}\n---\n";

    private static string Cluster(string name, int priority, string rest, string tier = "Admin")
        => $"{{apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy, metadata: {{name: {name}}}, "
            + $"spec: {{tier: {tier}, priority: {priority}, {rest}}}}}\n---\n";

    private static string[] Codes(string text) => [.. WarningsOf.Text(text).Select(w => w.Code)];

    [Theory]
    [InlineData("podSelector: {}")]
    [InlineData(
        "podSelector: {}, policyTypes: [Ingress, Egress], egress: [{ports: [{port: 53, protocol: UDP}, {port: 53}]}]")]
    [InlineData("podSelector: {}, egress: [{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: "
        + "kube-system}}}]}]")]
    [InlineData("podSelector: {}, egress: [{to: [{namespaceSelector: {}, podSelector: {matchLabels: {k8s-app: "
        + "kube-dns}}}], ports: [{port: 53, protocol: UDP}]}]")]
    [InlineData("podSelector: {}, egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}]")]
    [InlineData("podSelector: {}, egress: [{to: [{namespaceSelector: {}}]}]")]
    [InlineData("podSelector: {}, ingress: [{from: [{podSelector: {}}]}]")]
    [InlineData("podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {matchLabels: {app: "
        + "client}}}], ports: [{port: http}]}]")]
    [InlineData("podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]")]
    [InlineData("podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 192.168.0.0/16}}]}]")]
    [InlineData("podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {ns: prod}}, podSelector: "
        + "{matchLabels: {app: web}}}]}]")]
    [InlineData("podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}, {podSelector: "
        + "{matchLabels: {app: client}}}]}]")]
    [InlineData("podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 80}]}, "
        + "{from: [{podSelector: {matchLabels: {app: client}}}]}]")]
    public void Good_policies(string spec) => Assert.Empty(Codes(Web + Client + Prod + Policy(spec)));

    [Fact]
    public void Default_deny_beside_what_is_allowed()
        => Assert.Empty(Codes(Web + Client + Policy("podSelector: {}, policyTypes: [Ingress]", "default-deny")
            + Policy("podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {matchLabels: "
                + "{app: client}}}]}]", "web")));

    [Fact]
    public void Without_pods_nothing_is_said_about_what_matches()
        => Assert.Empty(Codes(Policy("podSelector: {matchLabels: {app: x}}, ingress: [{from: [{namespaceSelector: "
            + "{matchLabels: {a: b}}}], ports: [{port: web}]}]")));

    [Theory]
    [InlineData("podSelector: {}, policyTypes: [Egress]", "S014")]
    [InlineData("podSelector: {}, egress: [{ports: [{port: 53, protocol: SCTP}]}]", "S014")]
    [InlineData("podSelector: {}, egress: [{to: [{ipBlock: {cidr: 192.168.5.10/32}}]}]", "S014")]
    [InlineData("podSelector: {}, egress: [{to: [{podSelector: {}}], ports: [{port: 80}]}]", "S014")]
    [InlineData("podSelector: {}, ingress: [{}]", "S018")]
    [InlineData("podSelector: {matchLabels: {app: Web}}", "S015")]
    [InlineData("podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]", "S013")]
    [InlineData("podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: clinet}}}]}]", "S011")]
    [InlineData("podSelector: {}, ingress: [{ports: [{port: http, protocol: UDP}]}]", "S016")]
    [InlineData("podSelector: {}, ingress: [{ports: [{port: 80}]}, {ports: [{port: 80, endPort: 90}]}]", "S017")]
    [InlineData("podSelector: {}, ingress: [{ports: [{port: 80}]}, {ports: [{port: 80}]}]", "S017")]
    public void One_step_away(string spec, string code) => Assert.Equal([code], Codes(Web + Client + Policy(spec)));

    [Fact]
    public void Dns_may_be_allowed_by_another_policy_or_by_an_admin()
    {
        var closed = Web + Client + Policy("podSelector: {}, policyTypes: [Egress]", "closed");
        Assert.Empty(Codes(closed
            + Policy("podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 53, protocol: UDP}]}]", "dns")));
        Assert.Empty(Codes(closed + Cluster("dns", 1, "subject: {namespaces: {}}, egress: [{action: Accept, to: "
            + "[{networks: [10.96.0.10/32]}], protocols: [{udp: {destinationPort: {number: 53}}}]}]")));
        Assert.Equal(["S014"], Codes(closed + Cluster("dns", 1,
            "subject: {namespaces: {}}, egress: [{action: Pass, to: [{networks: [10.96.0.10/32]}]}]")));
    }

    [Fact]
    public void Egress_listed_without_a_rule_is_fine_where_another_policy_has_one()
    {
        var listed = Web + Client + Policy(
            "podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress, Egress], ingress: [{ports: [{port: 80}]}]",
            "a");
        Assert.Equal(["S012"], Codes(listed));
        Assert.Empty(Codes(listed
            + Policy("podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 53, protocol: UDP}]}]", "b")));
    }

    [Fact]
    public void An_allow_all_beside_a_deny_all_changes_much()
    {
        var open = Web + Client + Policy("podSelector: {matchLabels: {app: web}}, ingress: [{}]", "open");
        Assert.Equal(["S018"], Codes(open));
        Assert.Empty(Codes(open + Policy("podSelector: {}", "closed")));
        Assert.Empty(Codes(open + Cluster("base", 1,
            "subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]", "Baseline")));
    }

    [Fact]
    public void Of_two_equal_policies_the_second_is_reported()
    {
        var only =
            Assert.Single(WarningsOf.Text(Web + Policy("podSelector: {}", "a") + Policy("podSelector: {}", "b")));
        Assert.Equal((SemanticCodes.ChangesNothing, 5), (only.Code, only.Position.Line));
    }

    [Theory]
    [InlineData(10, "Deny", new[] { "S020" })]
    [InlineData(11, "Deny", new string[0])]
    [InlineData(10, "Accept", new string[0])]
    public void Equal_priorities_matter_where_actions_differ(int priority, string action, string[] codes)
    {
        var subject = "subject: {namespaces: {}}, ingress: [{action: ";
        Assert.Equal(codes, Codes(Web + Client + Prod
            + Cluster("a", 10, subject + "Accept, from: [{namespaces: {matchLabels: {ns: prod}}}]}]")
            + Cluster("b", priority,
                subject + action
                    + ", from: [{pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: client}}}}]}]")));
    }

    [Fact]
    public void Equal_priorities_about_different_pods_are_fine()
        => Assert.Empty(Codes(Web + Client + Prod
            + Cluster("a", 10, "subject: {namespaces: {matchLabels: {ns: prod}}}, ingress: [{action: Accept, from: "
                + "[{namespaces: {}}]}]")
            + Cluster("b", 10, "subject: {namespaces: {matchLabels: {kubernetes.io/metadata.name: default}}}, ingress: "
                + "[{action: Deny, from: [{namespaces: {}}]}]")));

    [Fact]
    public void A_later_policy_is_shadowed_by_a_wide_earlier_one()
    {
        const string deny = "subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]";
        const string accept =
            "subject: {namespaces: {matchLabels: {ns: prod}}}, ingress: [{action: Accept, from: [{namespaces: {}}]}]";
        Assert.Equal(["S017"], Codes(Web + Prod + Cluster("a", 1, deny) + Cluster("b", 2, accept)));
        Assert.Empty(Codes(Web + Prod + Cluster("a", 2, deny) + Cluster("b", 1, accept)));
    }

    [Theory]
    [InlineData("tcp: {destinationPort: {number: 80}}", "tcp: {destinationPort: {range: {start: 80, end: 90}}}", 0)]
    [InlineData("tcp: {destinationPort: {range: {start: 80, end: 90}}}", "tcp: {destinationPort: {number: 90}}", 1)]
    [InlineData("tcp: {destinationPort: {range: {start: 80, end: 90}}}", "udp: {destinationPort: {number: 90}}", 0)]
    public void A_rule_is_shadowed_where_its_ports_are_within(string first, string second, int warnings)
        => Assert.Equal(warnings, WarningsOf.Text(Web + Cluster("a", 1, "subject: {namespaces: {}}, ingress: ["
            + $"{{action: Accept, from: [{{namespaces: {{}}}}], protocols: [{{{first}}}]}}, {{action: Deny, from: "
            + $"[{{namespaces: {{}}}}], protocols: [{{{second}}}]}}]")).Count);

    [Theory]
    [InlineData("app: web", "app: web, tier: a", true)]
    [InlineData("app: web, tier: a", "app: web", false)]
    [InlineData("app: web", "app: client", false)]
    public void A_peer_with_fewer_labels_covers_one_with_more(string wide, string narrow, bool covered)
        => Assert.Equal(covered, Codes(Web
            + Client
            + Policy($"podSelector: {{}}, ingress: [{{from: [{{podSelector: {{matchLabels: {{{wide}}}}}}}]}}, "
                + $"{{from: [{{podSelector: {{matchLabels: {{{narrow}}}}}}}], ports: [{{port: 80}}]}}]"))
                .Contains("S017"));

    [Fact]
    public void Of_two_peers_nobody_enters_by_the_one_that_matches_nothing()
    {
        const string peers = "podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: APP}}}, "
            + "{namespaceSelector: {matchLabels: {ns: NS}}}]}]";
        string[] With(string app, string ns) =>
            Codes(Web + Client + Prod + Policy(peers.Replace("APP", app).Replace("NS", ns)));
        Assert.Equal(["S010"], With("client", "prod"));
        Assert.Equal(["S011"], With("client", "elsewhere"));
        Assert.Equal(["S011"], With("nobody", "prod"));
    }

    [Fact]
    public void A_name_that_stands_for_a_label_is_found_in_another_namespace()
    {
        var only = Assert.Single(WarningsOf.Text(Web + "{apiVersion: v1, kind: Pod, metadata: {name: agent-pod, "
            + "namespace: ops, labels: {role: agent}}, spec: {containers: [{name: c}]}}\n---\n"
            + Policy("podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: agent-pod}}}]}]")));
        Assert.Equal(
            (SemanticCodes.PeerMatchesNothing, "pod `ops/agent-pod` has labels role=agent: names are not labels"),
            (only.Code, only.Label));
    }

    [Fact]
    public void A_host_network_peer_is_named_as_the_reason()
        => Assert.Equal("`ops/h` has hostNetwork: it is the node, and no podSelector finds it",
            Assert.Single(WarningsOf.Text(Web
                + "{apiVersion: v1, kind: Pod, metadata: {name: h, namespace: ops, labels: {app: host}}, spec: "
                + "{hostNetwork: true, containers: [{name: c}]}}\n---\n"
                + Policy("podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: "
                    + "{app: host}}}]}]"))).Label);

    [Fact]
    public void A_host_network_pod_is_named_as_the_reason()
        => Assert.Contains("hostNetwork", Assert.Single(WarningsOf.Text(Web
            + "{apiVersion: v1, kind: Pod, metadata: {name: h, labels: {app: host}}, spec: {hostNetwork: true, "
            + "containers: [{name: c}]}}\n---\n"
            + Policy("podSelector: {matchLabels: {app: host}}"))).Label, StringComparison.Ordinal);
}
