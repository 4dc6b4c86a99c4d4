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
        var side = _cli.Run("why", "x/client", "x/web", "-p", "TCP:80", "-f", _cli.Example(), "-o", "json").Json["sides"]![1]!;
        Assert.Equal("""{"kind":"NetworkPolicy","name":"x/web","file":"DIR/policy.yaml","line":7,"direction":"ingress","rule":0}""", side["decidedBy"]!.ToJsonString());
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
        Assert.Equal("denied", _cli.Run("why", "x/client", "x/web", "-p", "TCP:80", "--family", "6", "-f", path, "-o", "json").Json["verdict"]!.GetValue<string>());
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
        _cli.Run("why", "x/other", "x/web", "z").ShouldFail(2, "dataplane: unexpected argument \"z\"; see dataplane why --help");
    }

    [Fact]
    public void Icmp_and_the_node_and_addresses()
    {
        var icmp = _cli.Run("why", "192.0.2.1", "x/web", "--port", "icmp", "-f", _cli.Example(), "-o", "json").Json;
        Assert.Equal("ICMP 0 denied", $"{icmp["protocol"]} {icmp["port"]} {icmp["verdict"]}");
        Assert.Contains("2. entering x/web   ALLOWED   the node and its pods always reach each other", _cli.Run("why", "node", "x/web", "-f", _cli.Example()).Out, StringComparison.Ordinal);
    }
}
