namespace Dataplane.Cli.Tests;

public sealed class WhyTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Json_is_as_fixed()
    {
        var outcome = _cli.Run("why", "x/other", "x/web", "--port", "tcp/80", "-f", _cli.Example(), "-o", "json");
        Assert.Equal((0, ""), (outcome.Exit, outcome.Error));
        Assert.Equal("""
            {
              "from": "x/other",
              "to": "x/web",
              "protocol": "TCP",
              "port": 80,
              "family": "IPv4",
              "families": [
                "IPv4",
                "IPv6"
              ],
              "verdict": "denied",
              "sides": [
                {
                  "side": "leaving",
                  "verdict": "allowed",
                  "basis": "notIsolated",
                  "isolatedBy": [],
                  "decidedBy": null
                },
                {
                  "side": "entering",
                  "verdict": "denied",
                  "basis": "noRuleAllows",
                  "isolatedBy": [
                    {
                      "kind": "NetworkPolicy",
                      "name": "x/web",
                      "file": "DIR/policy.yaml",
                      "line": 1
                    }
                  ],
                  "decidedBy": null,
                  "nearest": [
                    {
                      "name": "x/web",
                      "file": "DIR/policy.yaml",
                      "line": 7,
                      "failed": "podSelector app=client"
                    }
                  ]
                }
              ]
            }

            """, outcome.Out);
    }

    [Fact]
    public void Text_names_policy_file_and_line()
    {
        Assert.Equal("""
            DENIED   x/other → x/web   TCP 80 · IPv4 and IPv6

            1. leaving x/other   ALLOWED   no policy isolates it for egress
            2. entering x/web   DENIED   isolated by 1 policy, no rule allows it
               x/web  DIR/policy.yaml:1  selects x/web
                      DIR/policy.yaml:7  ingress rule 1 wants podSelector app=client

            """, _cli.Run("why", "x/other", "x/web", "-f", _cli.Example()).Out);
        Assert.Equal("""
            ALLOWED   x/client → x/web   TCP 80 · IPv6

            1. leaving x/client   ALLOWED   no policy isolates it for egress
            2. entering x/web   ALLOWED   isolated by 1 policy, a rule allows it
               x/web  DIR/policy.yaml:1  selects x/web
                      DIR/policy.yaml:7  ingress rule 1 allows it

            """, _cli.Run("why", "x/client", "x/web", "-f", _cli.Example(), "--family", "6").Out);
    }

    [Fact]
    public void The_deciding_rule_in_json()
    {
        var side =
            _cli.Run("why", "x/client", "x/web", "-p", "TCP:80", "-f", _cli.Example(), "-o", "json").Json["sides"]![1]!;
        Assert.Equal(
            """{"kind":"NetworkPolicy","name":"x/web","file":"DIR/policy.yaml","line":7,"direction":"ingress","rule":0}""",
            side["decidedBy"]!.ToJsonString());
        Assert.Null(side["nearest"]);
    }

    [Fact]
    public void Families_that_differ_are_two_answers()
    {
        var path = _cli.File("a.yaml", Cli.Pods + """
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: { name: four, namespace: x }
            spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }] }
            """);
        var answers = _cli.Run("why", "x/client", "x/web", "-p", "TCP:80", "-f", path, "-o", "json").Json.AsArray();
        Assert.Equal(["IPv4 allowed", "IPv6 denied"], answers.Select(a => $"{a!["family"]} {a["verdict"]}"));
        Assert.Equal("denied", _cli.Run("why", "x/client", "x/web", "-p", "TCP:80", "--family", "6", "-f", path, "-o",
            "json").Json["verdict"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("deny", 0)]
    [InlineData("allow", 1)]
    public void Expectations_set_the_exit_code(string expect, int exit)
    {
        var outcome = _cli.Run("why", "x/other", "x/web", "--expect", expect, "-f", _cli.Example());
        Assert.Equal(exit, outcome.Exit);
        Assert.Equal(exit == 0 ? "" : "expected ALLOWED, but TCP 80 over IPv4 and IPv6 is DENIED\n", outcome.Error);
    }

    [Fact]
    public void Arguments_may_stand_before_or_behind_the_files()
    {
        _cli.Example();
        var (pods, policy) = (_cli.File("p.yaml", Cli.Pods), _cli.File("q.yaml", Cli.Policy));
        var expected = _cli.Run("why", "x/other", "x/web", "-f", pods, "-f", policy);
        Assert.Equal(0, expected.Exit);
        Assert.Equal(expected, _cli.Run("why", "-f", pods, "-f", policy, "x/other", "x/web"));
        Assert.Equal(expected, _cli.Run("why", "x/other", "x/web", "-f", pods, policy));
        _cli.Run("why", "x/other", "x/web", "z").ShouldFail(3, "dataplane: z: no such file or directory");
    }

    [Fact]
    public void Icmp_and_the_node_and_addresses()
    {
        var icmp = _cli.Run("why", "192.0.2.1", "x/web", "--port", "icmp", "-f", _cli.Example(), "-o", "json").Json;
        Assert.Equal("ICMP 0 denied", $"{icmp["protocol"]} {icmp["port"]} {icmp["verdict"]}");
        Assert.Contains("2. entering x/web   ALLOWED   the node and its pods always reach each other",
            _cli.Run("why", "node", "x/web", "-f", _cli.Example()).Out, StringComparison.Ordinal);
    }

    /// <summary>
    /// Clients are passed on to the NetworkPolicies, all others are denied; the Baseline denies what leaves x/web.
    /// </summary>
    private string Tiers()
    {
        _cli.File("tiers.yaml", """
            apiVersion: policy.networking.k8s.io/v1alpha2
            kind: ClusterNetworkPolicy
            metadata: { name: guard }
            spec:
              tier: Admin
              priority: 10
              subject: { namespaces: {} }
              ingress:
                - name: clients
                  action: Pass
                  from: [{ pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: client } } } }]
                - name: others
                  action: Deny
                  from: [{ pods: { namespaceSelector: {}, podSelector: { matchExpressions: [{ key: app, operator: DoesNotExist }] } } }]
            ---
            apiVersion: policy.networking.k8s.io/v1alpha1
            kind: BaselineAdminNetworkPolicy
            metadata: { name: default }
            spec:
              subject: { pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: web } } } }
              egress:
                - action: Deny
                  to: [{ namespaces: {} }]
            """);
        return _cli.Example();
    }

    [Fact]
    public void Tier_by_tier()
    {
        var path = Tiers();
        Assert.Equal("""
            DENIED   x/other → x/web   TCP 80 · IPv4 and IPv6

            1. leaving x/other   ALLOWED   no policy isolates it for egress
               Admin          no rule matches
               NetworkPolicy  none isolates it for egress
               Baseline       no rule matches
            2. entering x/web   DENIED   an Admin rule denies it
               Admin          Deny: ClusterNetworkPolicy guard, priority 10  DIR/tiers.yaml:12  ingress rule 2 "others"
               NetworkPolicy  not asked
               Baseline       not asked

            """, _cli.Run("why", "x/other", "x/web", "-f", path).Out);
        Assert.EndsWith("""
            2. entering x/web   ALLOWED   isolated by 1 policy, a rule allows it
               Admin          Pass: ClusterNetworkPolicy guard, priority 10  DIR/tiers.yaml:9  ingress rule 1 "clients"
               NetworkPolicy  decides: a rule allows it
                 x/web  DIR/policy.yaml:1  selects x/web
                        DIR/policy.yaml:7  ingress rule 1 allows it
               Baseline       not asked

            """, _cli.Run("why", "x/client", "x/web", "-f", path).Out, StringComparison.Ordinal);
        Assert.Contains("""
            1. leaving x/web   DENIED   a Baseline rule denies it
               Admin          no rule matches
               NetworkPolicy  none isolates it for egress
               Baseline       Deny: BaselineAdminNetworkPolicy default  DIR/tiers.yaml:22  egress rule 1

            """, _cli.Run("why", "x/web", "x/client", "-p", "tcp/80", "-f", path).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Tiers_in_json()
    {
        var path = Tiers();
        var denied = _cli.Run("why", "x/other", "x/web", "-f", path, "-o", "json").Json["sides"]![1]!;
        Assert.Equal("ruleDenies", denied["basis"]!.GetValue<string>());
        Assert.Equal("""{"kind":"ClusterNetworkPolicy","name":"guard","file":"DIR/tiers.yaml","line":12,"direction":"ingress","rule":1,"tier":"Admin","action":"Deny","priority":10,"ruleName":"others"}""",
            denied["decidedBy"]!.ToJsonString());
        var passed = _cli.Run("why", "x/client", "x/web", "-f", path, "-o", "json").Json["sides"]![1]!;
        Assert.Equal("Pass clients", $"{passed["passedBy"]!["action"]} {passed["passedBy"]!["ruleName"]}");
        Assert.Equal("x/web", passed["decidedBy"]!["name"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("x/other", "x/web", "allow", "allowed")]
    [InlineData("x/client", "x/web", "deny", "denied")]
    public void Suggestions_name_the_place(string from, string to, string goal, string verdict)
    {
        var path = _cli.Example();
        Assert.DoesNotContain("smallest edit", _cli.Run("why", from, to, "-f", path).Out, StringComparison.Ordinal);
        Assert.Matches($"\nto {goal} it, the smallest edit \\(checked: it does\\):\n"
            + "   DIR/[a-z]+\\.yaml:[0-9]+  [A-Z][A-Za-z]+ x/[a-z]+: ",
            _cli.Run("why", from, to, "--suggest", "-f", path).Out);
        var suggestion = Assert.Single(
            _cli.Run("why", from, to, "--suggest", "-f", path, "-o", "json").Json["suggestions"]!.AsArray())!;
        Assert.Equal(verdict, suggestion["verdict"]!.GetValue<string>());
        var edit = Assert.Single(suggestion["edits"]!.AsArray())!;
        Assert.StartsWith("DIR/", edit["file"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_suggestion_that_is_followed_does_what_it_says()
    {
        var path = _cli.Example();
        Assert.Contains("NetworkPolicy x/web: add to ingress[0].ports: {protocol: TCP, port: 81}",
            _cli.Run("why", "x/client", "x/web", "-p", "tcp/81", "--suggest", "-f", path).Out,
            StringComparison.Ordinal);
        _cli.File("policy.yaml",
            Cli.Policy.Replace("{ port: 80 }", "{ port: 80 }, {protocol: TCP, port: 81}", StringComparison.Ordinal));
        Assert.Equal(0, _cli.Run("why", "x/client", "x/web", "-p", "tcp/81", "--expect", "allow", "-f", path).Exit);
    }

    /// <summary>A plain name is that of a pod; a Service is written as one: see ServiceQuestionTests.</summary>
    [Theory]
    [InlineData("x/front", "x/front is a Service")]
    public void A_service_is_answered_with_the_pods_behind_it(string to, string start)
    {
        _cli.File("service.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: front, namespace: x}\nspec: "
            + "{clusterIP: 10.96.3.4, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}\n");
        var outcome = _cli.Run("why", "x/other", to, "-f", _cli.Example());
        Assert.Equal((2, ""), (outcome.Exit, outcome.Out));
        Assert.EndsWith(
            $"{start} (port 80 to 8080); ask for service:x/front, or for the pods behind it, "
                + "which policies judge: x/web, with port 8080\n",
            outcome.Error, StringComparison.Ordinal);
    }

    /// <summary>Of two sides that deny, the line is about the one that the smaller edit opens.</summary>
    [Fact]
    public void In_one_line_the_nearer_side_is_named()
    {
        var path = _cli.File("two.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {app: a}}\nspec: "
            + "{containers: [{name: c}]}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: b, labels: {app: b}}\nspec: "
            + "{containers: [{name: c}]}\n---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: "
            + "{name: out}\nspec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: "
            + "{app: x}}}], ports: [{port: 1}]}]}\n---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
            + "metadata: {name: in}\nspec: {podSelector: {}, ingress: [{from: [{podSelector: {}}], "
            + "ports: [{port: 81}]}]}\n");
        var test = _cli.File("expect.test.yaml", "manifests: [two.yaml]\nexpect:\n"
            + "- {from: default/a, to: default/b, port: TCP:80, want: allow}\n");
        Assert.Contains("nearest: default/in wants ports TCP 81", _cli.Run("test", test).Out, StringComparison.Ordinal);
        Assert.Equal(0, _cli.Run("why", "default/a", "default/b", "-f", path).Exit);
    }

    [Fact]
    public void Nothing_keeps_a_pod_from_itself() =>
        Assert.EndsWith("\nto deny it: no edit of policies or labels that is known here would do\n",
            _cli.Run("why", "x/web", "x/web", "--suggest", "-f", _cli.Example()).Out, StringComparison.Ordinal);
}
