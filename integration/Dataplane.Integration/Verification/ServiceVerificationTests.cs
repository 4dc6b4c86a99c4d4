using System.Net;
using Dataplane.Cli.Test;
using Dataplane.Kubernetes.Assertions;
using Dataplane.Kubernetes.Loading;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Verification;
using Dataplane.Planning;
using Dataplane.Policy.Assertions;
using Dataplane.Policy.Model;
using Dataplane.Policy.Naming;

namespace Dataplane.Integration.Verification;

/// <summary>What packets say of Services, and that a wrong answer is seen.</summary>
public sealed class ServiceVerificationTests
{
    private const string Pods = """
        apiVersion: v1
        kind: Pod
        metadata: {name: client, namespace: x}
        spec: {containers: [{name: main}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web-0, namespace: x, labels: {app: web, version: old}}
        spec: {containers: [{name: main, ports: [{name: http, containerPort: 8080}]}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web-1, namespace: x, labels: {app: web, version: new}}
        spec: {containers: [{name: main, ports: [{name: http, containerPort: 8081}]}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: on-the-node, namespace: x, labels: {app: node}}
        spec: {hostNetwork: true, containers: [{name: main}]}

        """;

    private const string Both = "clusterIP: 10.96.7.7, clusterIPs: [10.96.7.7, 'fd00:10:96::77'], "
        + "ipFamilyPolicy: RequireDualStack, ";

    [Fact]
    public void Every_backend_of_a_pool_is_found_and_each_has_its_verdict()
    {
        var report = Verify(Service(Both + "selector: {app: web}, ports: [{port: 80, targetPort: http}]")
            + Policy("version: new", "from: [{podSelector: {matchLabels: {app: nobody}}}]"));
        AssertAgrees(report);
        foreach (var family in AddressFamilies.All)
        {
            var client = report.Services.Where(s => s.From == "x/client" && s.Family == family)
                .ToDictionary(s => s.Backend!, s => (s.Measured, s.Evidence));
            Assert.Equal((Measured.Allowed, Evidence.Captured), client["x/web-0"]);
            Assert.Equal((Measured.Denied, Evidence.DropLog), client["x/web-1"]);
            // A pod behind the Service reaches itself by way of it, whatever the policy.
            Assert.Contains(report.Services, s => s.From == "x/web-1" && s.Backend == "x/web-1" && s.Family == family
                && s.Measured == Measured.Allowed);
            Assert.Equal(2, report.Services.Count(s => s.From == "node" && s.Family == family
                && s.Measured == Measured.Allowed));
        }
        ThreadHome.AssertAllHome();
    }

    [Theory]
    [InlineData("TCP")]
    [InlineData("UDP")]
    [InlineData("SCTP")]
    public void A_Service_without_endpoints_refuses_pods_and_the_node(string protocol)
    {
        var report = Verify(Service(Both + $"selector: {{app: none}}, ports: [{{protocol: {protocol}, port: 80}}]"));
        AssertAgrees(report);
        // Three pods with a network and the node, in both families.
        Assert.Equal(8, report.Services.Count);
        Assert.All(report.Services, s => Assert.Equal((Measured.Refused, Evidence.Rejected), (s.Measured, s.Evidence)));
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public void A_NodePort_is_asked_from_outside_and_keeps_the_source()
    {
        var report = Verify(Service("type: NodePort, selector: {app: web}, ports: [{port: 80, targetPort: http, "
            + "nodePort: 30080}], clusterIP: 10.96.7.7")
            + Policy("app: web", "from: [{ipBlock: {cidr: 192.168.5.0/24}}]"), "192.168.5.10", "192.168.6.10");
        AssertAgrees(report);
        Assert.All(report.Services.Where(s => s.From == "192.168.5.10"),
            s => Assert.Equal((":30080", Measured.Allowed), (s.Frontend[^6..], s.Measured)));
        Assert.Equal(2, report.Services.Count(s => s.From == "192.168.6.10" && s.Measured == Measured.Denied));
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public void An_external_address_that_is_named_is_asked_from_everywhere()
    {
        var report = Verify(Service(Both + "externalIPs: [192.0.2.44], selector: {app: web}, ports: [{port: 80, "
            + "targetPort: http}]")
            + Policy("version: new", "from: [{podSelector: {matchLabels: {app: nobody}}}]"),
            "192.0.2.44", "192.168.6.10");
        AssertAgrees(report);
        foreach (var source in (string[])["x/client", "192.168.6.10"])
        {
            var found = report.Services.Where(s => s.From == source && s.Frontend == "192.0.2.44:80")
                .ToDictionary(s => s.Backend!, s => (s.Measured, s.Evidence));
            Assert.Equal((Measured.Allowed, Evidence.Captured), found["x/web-0"]);
            Assert.Equal((Measured.Denied, Evidence.DropLog), found["x/web-1"]);
        }
        Assert.DoesNotContain(report.Flows, f => f.Flow.To.Name == "192.0.2.44" && f.Flow.Probe.Port == 80);
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public void A_client_that_keeps_its_backend_sees_one_and_a_backend_on_the_node_answers()
    {
        var report = Verify(Service(Both + "sessionAffinity: ClientIP, selector: {app: web}, "
            + "ports: [{port: 80, targetPort: http}]")
            + Service("selector: {app: node}, ports: [{port: 80}], clusterIP: 10.96.7.8", "node"));
        AssertAgrees(report);
        foreach (var family in AddressFamilies.All)
            Assert.Single(report.Services, s => s.From == "x/client" && s.Service == "x/web" && s.Family == family);
        Assert.Contains(report.Services,
            s => s is { From: "x/client", Service: "x/node", Backend: "node", Measured: Measured.Allowed });
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public void The_first_packet_of_SCTP_is_translated()
    {
        var report = Verify(
            Service(Both + "selector: {app: web}, ports: [{protocol: SCTP, port: 80, targetPort: 99}]"));
        AssertAgrees(report);
        foreach (var family in AddressFamilies.All)
        {
            Assert.Equal(["x/web-0", "x/web-1"], report.Services.Where(s => s.From == "x/client" && s.Family == family
                && s is { Measured: Measured.Allowed, Evidence: Evidence.Captured }).Select(s => s.Backend).Order());
        }
        ThreadHome.AssertAllHome();
    }

    /// <summary>Every backend would be reached directly.</summary>
    [Theory]
    [InlineData("selector: {app: web}, ports: [{port: 80, targetPort: http}]", true)]
    [InlineData("selector: {app: none}, ports: [{port: 80}]", false)]
    public void An_assertion_about_a_Service_is_about_the_way_through_it(string enforced, bool isRight)
    {
        var asked = ClusterOf(Service(Both + "selector: {app: web}, ports: [{port: 80, targetPort: http}]"));
        var file = AssertionReader.Read("expect.yaml", """
            expect: [{from: x/client, to: "service:x/web", port: 80, want: allow}]
            """, out _)!;
        var plan = AssertionPlan.Of(file.Steps[0], new QuestionNames(asked, NodeOptions.Default.PodNetworks));
        var test = new ServiceTest(new AssertionCase("expect.yaml", null, asked, plan));
        Assert.Empty(test.Flows);
        var node = ClusterOf(Service(Both + enforced));
        using var session =
            NodeSession.Open(node, NodeOptions.Default, [], stop: TestContext.Current.CancellationToken);
        var report = session.Probe([.. test.Questions.Select(q => Here(q, node))], null,
            TestContext.Current.CancellationToken);
        Assert.All(plan.Checks.Single().Reaches, reach =>
        {
            var (got, because) = test.Answer(reach, report, _ => true);
            Assert.Equal(isRight ? Outcome.Allowed : null, got);
            Assert.Contains(isRight ? "captured" : "refused", because, StringComparison.Ordinal);
        });
        ThreadHome.AssertAllHome();
    }

    /// <summary>The pods are those of the node, by name.</summary>
    private static ServiceQuestion Here(ServiceQuestion question, Cluster node)
    {
        return question with
        {
            From = Of(question.From), Backends = [.. question.Backends.Select(b => b with { To = Of(b.To) })],
        };

        Endpoint Of(Endpoint end) => end is PodEndpoint ? node.Pods.Single(p => p.Name == end.Name) : node.Node;
    }

    /// <summary>The questions are about other manifests than those that the node enforces.</summary>
    [Theory]
    [InlineData("selector: {app: web, version: old}, ports: [{port: 80, targetPort: http}]", "fewer backends")]
    [InlineData("selector: {app: none}, ports: [{port: 80}]", "none")]
    [InlineData("selector: {app: web}, ports: [{port: 81, targetPort: http}]", "another port")]
    public void A_node_that_does_something_else_is_found_out(string enforced, string what)
    {
        var (right, wrong) = (ClusterOf(Service(Both + "selector: {app: web}, ports: [{port: 80, targetPort: http}]")),
            ClusterOf(Service(Both + enforced)));
        using var session = NodeSession.Open(wrong, NodeOptions.Default, [],
            stop: TestContext.Current.CancellationToken);
        var asked = ServiceQuestions.Of(right, [], null, TestContext.Current.CancellationToken)
            .All.Select(q => Here(q, wrong));
        var report = session.Probe([.. asked], null, TestContext.Current.CancellationToken);
        Assert.Null(report.ControlFailure);
        Assert.All(report.Services.GroupBy(s => (s.From, s.Family)), of => Assert.False(of.All(s => s.Agrees), what));
        ThreadHome.AssertAllHome();
    }

    private static void AssertAgrees(VerifyReport report)
    {
        Assert.Null(report.ControlFailure);
        Assert.NotEmpty(report.Services);
        Assert.DoesNotContain(report.Services, s => !s.Agrees);
    }

    private static VerifyReport Verify(string manifests, params string[] externals) => Verifier.Run(
        ClusterOf(manifests), NodeOptions.Default, [new Probe(FlowProtocol.Tcp, 80)],
        [.. externals.Select(e => new ExternalEndpoint(IPAddress.Parse(e)))], null, null, null,
        TestContext.Current.CancellationToken);

    private static Cluster ClusterOf(string manifests)
    {
        var planned = Planner.Plan(ManifestLoader.LoadText("m.yaml", Pods + manifests), NodeOptions.Default);
        Assert.NotNull(planned.Cluster);
        return planned.Cluster;
    }

    private static string Service(string spec, string name = "web") => $$"""
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: {{name}}, namespace: x}
        spec: { {{spec}} }

        """;

    private static string Policy(string selected, string rule) => $$"""
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: web, namespace: x}
        spec: {podSelector: {matchLabels: { {{selected}} } }, ingress: [ { {{rule}} } ] }

        """;
}
