using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Nftables;
using Dataplane.Node.Verification;
using Dataplane.Planning;
using Dataplane.Policy.Compilation;
using Dataplane.Policy.Model;
using Dataplane.Policy.Sampling;
using Dataplane.Rules.Nftables.Render;
using Dataplane.Testing.Clusters;

namespace Dataplane.Integration.Verification;

/// <summary>A sample far smaller than the matrix finds what is wrong with any one element.</summary>
public sealed class SampleTests
{
    private static readonly Probe[] Probes = [new(FlowProtocol.Tcp, 80), new(FlowProtocol.Tcp, 81)];

    [Fact]
    public void Any_element_that_is_missing_shows_in_a_sample()
    {
        var cluster = Pods(30).Policy("x/one", "app=a0", ingress: [Rule.Of([Rule.Pods("app=a1")], ["TCP 80"])])
            .Policy("x/two", "app=a2",
                ingress: [Rule.Of([Rule.Pods("app=a0"), Rule.Pods("app=a3")], ["TCP 81"])]).Cluster;
        var sample = DecisionSampler.Choose(cluster, Compiler.Compile(cluster), Probes, [], null, 150, seed: 7);
        Assert.True(sample.CoversAll);
        Assert.Equal((150, 30 * 30 * 2 * 2), (sample.Flows.Count, sample.Of));
        using var session = NodeSession.Open(cluster, NodeOptions.Default, []);
        Assert.Empty(Wrong(session, cluster, sample));
        var inet = session.Programmer.Programmed()!.Inet;
        var set = inet.Sets.Single(s => s.Name == "ingress_port");
        Assert.InRange(set.Elements.Count, 2, 10);
        foreach (var element in set.Elements)
        {
            Change(session, batch => NftNetlinkRenderer.Elements(batch, inet, set, [element], delete: true));
            Assert.NotEmpty(Wrong(session, cluster, sample));
            Change(session, batch => NftNetlinkRenderer.Elements(batch, inet, set, [element], delete: false));
        }
        Assert.Empty(Wrong(session, cluster, sample));
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public void A_verification_says_what_its_sample_covers()
    {
        var cluster = Pods(6).Policy("x/one", "app=a0", ingress: [Rule.Of([Rule.Pods("app=a1")], ["TCP 80"])]).Cluster;
        var report = Verifier.Run(cluster, NodeOptions.Default, Probes, [], null, null, null,
            TestContext.Current.CancellationToken, new Sampling(5, 1));
        Assert.Null(report.ControlFailure);
        Assert.Equal((5, 5, 144L, 5L, false),
            (report.Flows.Count, report.Agree, report.Sample!.Of, report.Sample.Covered, report.Sample.CoversAll));
        ThreadHome.AssertAllHome();
    }

    private static Lab Pods(int count) =>
        Enumerable.Range(0, count).Aggregate(new Lab().Namespace("x"), (lab, i) => lab.Pod($"x/p{i}", $"app=a{i % 5}"));

    private static List<FlowResult> Wrong(NodeSession session, Cluster cluster, FlowSample sample)
    {
        var report = session.Probe(Expectations.Begin(cluster, sample.Flows, default), null, null, default);
        Assert.Null(report.ControlFailure);
        Assert.Equal(0, report.Undecided);
        return [.. report.Flows.Where(f => !f.Agrees)];
    }

    private delegate void Build(NftBatch batch);

    private static void Change(NodeSession session, Build build)
    {
        using var batch = new NftBatch(session.Programmer.Socket);
        build(batch);
        batch.Commit("break an element");
    }
}
