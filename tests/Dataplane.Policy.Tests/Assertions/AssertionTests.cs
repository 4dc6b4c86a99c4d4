using Dataplane.Kubernetes.Assertions;
using Dataplane.Policy.Assertions;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Naming;

namespace Dataplane.Policy.Tests;

public sealed class AssertionTests
{
    private static Lab Lab => new Lab().Namespace("x").Namespace("y")
        .Pod("x/a", "app=a").Pod("x/b", "app=b", ["TCP 8080", "UDP 53"]).Pod("y/a", "app=a", v6: false)
        .Policy("x/p", "app=b", ingress: [Rule.Of([Rule.Pods("app=a")], ["TCP 80"]),
            Rule.Peers(Rule.Block("172.17.0.0/16", "172.17.5.0/24"))]);

    private static QuestionNames Names(Lab? lab) => new((lab ?? Lab).Cluster, Lab.Networks);

    private static AssertionPlan Plan(string yaml, Lab? lab = null)
    {
        var file = AssertionReader.Read("t.yaml", yaml, out var diagnostics);
        Assert.True(file is not null, string.Join('\n', diagnostics.Select(d => d.Message)));
        return AssertionPlan.Of(Assert.Single(file.Steps), Names(lab));
    }

    private static string[] Run(string yaml, Lab? lab = null)
    {
        var plan = Plan(yaml, lab);
        Assert.Empty(plan.Problems);
        return [
            .. AssertionRun.Of(plan, flow => new FlowAnswer(Oracle.Evaluate((lab ?? Lab).Cluster, flow).Allowed, "so"))
            .Select(result =>
                $"{(result.Ok ? "ok" : "not ok")} {result.Name} want {result.WantText}")];
    }

    private static string Problem(string yaml) => Assert.Single(Plan(yaml).Problems).Message;

    [Fact]
    public void Names_ports_and_lists_multiply() => Assert.Equal(
        ["ok x/a -> x/b TCP 80 want allow", "not ok x/a -> x/b UDP 53 want allow",
            "not ok y/a -> x/b TCP 80 want allow", "not ok y/a -> x/b UDP 53 want allow"],
        Run("expect: [{from: [x/a, y/a], to: x/b, port: [80, udp/53], want: allow}]"));

    private static Lab Workloads => new Lab().Namespace("x")
        .Pod("x/a-0", "app=a", workload: "a").Pod("x/a-1", "app=a,new=yes", workload: "a")
        .Pod("x/b-0", "app=b", ["TCP 8080"], workload: "b").Pod("x/b-1", "app=b", ["TCP 8080"], workload: "b")
        .Policy("x/p", "app=b", ingress: [Rule.Of([Rule.Pods("app=a")], ["TCP 80"]),
            Rule.Of([Rule.Pods("new=yes")], ["TCP 8080"])]);

    [Fact]
    public void A_workload_is_one_question_while_its_pods_agree() => Assert.Equal(
        ["ok x/a -> x/b TCP 80 want allow", "ok x/b -> x/b TCP 80 want deny", "ok x/b -> x/b TCP 8080 want deny"],
        Run("""
            expect:
              - {from: x/a, to: x/b, port: "80", want: allow}
              - {from: x/b, to: x/b, port: [80, 8080], want: deny}
            """, Workloads));

    [Fact]
    public void Pods_of_a_workload_that_differ_are_results_of_their_own()
    {
        var plan = Plan("expect: [{from: x/a, to: x/b, want: deny}]", Workloads);
        var results = AssertionRun.Of(
            plan, flow => new FlowAnswer(Oracle.Evaluate(Workloads.Cluster, flow).Allowed, "so"));
        Assert.Equal(["True x/a-0 -> x/b-0 TCP 8080", "True x/a-0 -> x/b-1 TCP 8080",
            "False x/a-1 -> x/b-0 TCP 8080", "False x/a-1 -> x/b-1 TCP 8080"],
            results.Select(result => $"{result.Ok} {result.Name}"));
        Assert.Equal("not all pods of x/a -> x/b TCP 8080 agree; so", results[3].Because);
    }

    [Fact]
    public void A_pod_that_exists_only_in_the_question_has_the_labels_it_is_written_with()
    {
        Assert.Equal(
            ["ok x/{app=a} -> x/b TCP 80 want allow", "ok y/{app=a} -> x/b TCP 80 want deny",
                "ok x/b -> x/{app=b} TCP 80 want deny", "ok x/{app=b} -> x/{app=b} TCP 80 want deny"],
            Run("""
                expect:
                  - {from: "x/{app=a}", to: x/b, port: 80, want: allow}
                  - {from: "y/{app=a}", to: x/b, port: 80, want: deny}
                  - {from: [x/b, "x/{app=b}"], to: "x/{app=b}", port: 80, want: deny}
                """, Lab));
        Assert.Equal(["\"x/{app}\": \"app\" is no label; write k=v, separated by commas"],
            Plan("expect: [{from: \"x/{app}\", to: x/b, port: 80, want: deny}]").Problems
                .Select(problem => problem.Message));
    }

    [Fact]
    public void Selectors_mean_pods_of_a_namespace_or_of_all()
    {
        Assert.Equal(["ok x/a -> x/b TCP 80 want allow"], Run(
            "expect: [{from: {namespace: x, labels: {app: a}}, to: {labels: {app: b}}, port: TCP:80, want: allow}]"));
        Assert.Equal(["ok x/a -> x/b TCP 80 want allow", "not ok y/a -> x/b TCP 80 want allow"],
            Run("expect: [{from: {labels: {app: a}}, to: x/b, port: 80, want: allow}]"));
        Assert.Equal(["not ok x/b -> y/a TCP 80 want deny"],
            Run("expect: [{from: {namespace: x, labels: {app: b}}, to: {namespace: y}, want: deny}]"));
    }

    [Fact]
    public void Without_a_port_the_declared_ones_are_meant() => Assert.Equal(
        ["ok y/a -> x/b TCP 8080 want deny", "ok y/a -> x/b UDP 53 want deny"],
        Run("expect: [{from: y/a, to: x/b, want: deny}]"));

    [Fact]
    public void A_network_is_asked_about_in_every_piece_that_blocks_cut_it_into() => Assert.Equal(
        [
            "ok 172.17.0.0 -> x/b TCP 9 want allow", "not ok 172.17.5.0 -> x/b TCP 9 want allow",
            "ok 172.17.6.0 -> x/b TCP 9 want allow",
            "ok 172.17.255.255 -> x/b TCP 9 want allow",
        ],
        Run("expect: [{from: 172.17.0.0/16, to: x/b, port: 9, want: allow}]"));

    [Fact]
    public void The_default_covers_every_pair_not_named_on_the_named_ports() => Assert.Equal(
        [
            "ok x/a -> x/b TCP 80 want allow",
            "not ok x/a -> y/a TCP 80 want deny", "not ok x/a -> 172.17.5.9 TCP 80 want deny",
            "not ok x/b -> x/a TCP 80 want deny",
            "not ok x/b -> y/a TCP 80 want deny", "not ok x/b -> 172.17.5.9 TCP 80 want deny",
            "not ok y/a -> x/a TCP 80 want deny",
            "ok y/a -> x/b TCP 80 want deny", "not ok y/a -> 172.17.5.9 TCP 80 want deny",
            "not ok 172.17.5.9 -> x/a TCP 80 want deny",
            "ok 172.17.5.9 -> x/b TCP 80 want deny", "not ok 172.17.5.9 -> y/a TCP 80 want deny",
        ],
        Run("{external: [172.17.5.9], default: deny, expect: [{from: x/a, to: x/b, port: 80, want: allow}]}"));

    [Fact]
    public void A_default_alone_asks_about_the_declared_and_the_named_ports() =>
        Assert.Equal(6 * 3, Plan("default: allow").Checks.Count);

    [Fact]
    public void Families_that_differ_are_two_results()
    {
        var lab = new Lab().Pod("x/a").Pod("x/b").Policy("x/p", ingress: [Rule.Peers(Rule.Block("0.0.0.0/0"))]);
        Assert.Equal(["ok default/c -> x/b TCP 80 IPv4 want allow", "not ok default/c -> x/b TCP 80 IPv6 want allow"],
            Run("expect: [{from: c, to: x/b, want: allow}]", lab.Pod("c")));
    }

    [Fact]
    public void Undecided_is_not_ok() =>
        Assert.False(Assert.Single(AssertionRun.Of(Plan("expect: [{from: x/a, to: x/b, port: 80, want: deny}]"),
            _ => new FlowAnswer(null, "lost"))).Ok);

    [Fact]
    public void Nobody_is_a_problem_and_never_a_pass()
    {
        Assert.Equal("no pod \"x/z\"; did you mean \"x/a\"?",
            Problem("expect: [{from: x/z, to: x/b, port: 80, want: deny}]"));
        Assert.Equal("no pod of namespace y has app=b",
            Problem("expect: [{from: {namespace: y, labels: {app: b}}, to: x/b, port: 80, want: deny}]"));
        Assert.Equal("\"tcp/0\": a port is a number from 1 to 65535",
            Problem("expect: [{from: x/a, to: x/b, port: tcp/0, want: deny}]"));
        Assert.Equal("no packet can go from any of these to any of those",
            Problem("expect: [{from: 1.2.3.4, to: 5.6.7.8, port: 80, want: deny}]"));
        Assert.Equal("no packet can go from any of these to any of those",
            Problem("expect: [{from: y/a, to: \"2001:db8::1\", port: 80, want: deny}]"));
    }

    [Fact]
    public void Steps_have_the_files_settings_and_their_own()
    {
        var file = AssertionReader.Read("t.yaml", """
            manifests: base.yaml
            default: deny
            steps:
            - name: before
              expect:
              - {from: x/a, to: x/b, port: 80, want: deny}
            - name: after
              manifests: [more/]
              default: allow
            """, out var diagnostics);
        Assert.Empty(diagnostics);
        Assert.Equal([("before", "base.yaml", false), ("after", "base.yaml more/", true)],
            file!.Steps.Select(step => (step.Name!, string.Join(' ', step.Manifests), step.Default!.Value)));
    }

    [Theory]
    [InlineData("expect: [{from: x/a, to: x/b, want: true}]", "K006")]
    [InlineData("expect: [{from: x/a, to: x/b, want: allowed}]", "K005")]
    [InlineData("expect: [{from: x/a, want: allow}]", "K007")]
    [InlineData("expect: [{from: x/a, to: x/b, port: 0, want: allow}]", "K010")]
    [InlineData("expect: [{from: x/a, to: x/b, prot: 80, want: allow}]", "K001")]
    [InlineData("expect: [{from: [], to: x/b, want: allow}]", "K025")]
    [InlineData("expect: [{from: {namespaces: x}, to: x/b, want: allow}]", "K001")]
    [InlineData("manifests: [a.yaml]", "K007")]
    [InlineData("", "K018")]
    [InlineData("default: deny\n---\ndefault: deny", "K005")]
    [InlineData("steps: []", "K007")]
    [InlineData("{steps: [{default: deny}], expect: []}", "K001")]
    public void What_is_wrong_is_said(string yaml, string code)
    {
        Assert.Null(AssertionReader.Read("t.yaml", yaml, out var diagnostics));
        Assert.Contains(code, diagnostics.Select(diagnostic => diagnostic.Code));
    }

    [Fact]
    public void An_assertion_file_is_told_from_manifests()
    {
        Assert.True(AssertionReader.Recognises("expect: []"));
        Assert.True(AssertionReader.Recognises("manifests: [a]\nsteps: []"));
        Assert.False(AssertionReader.Recognises("kind: Pod\nexpect: []"));
        Assert.False(AssertionReader.Recognises("a: ["));
    }
}
