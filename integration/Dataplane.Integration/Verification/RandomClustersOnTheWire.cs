using Dataplane.Linux.Namespaces;
using Dataplane.Node.Addressing;
using Dataplane.Node.Verification;
using Dataplane.Policy.Tests;

namespace Dataplane.Integration.Verification;

/// <summary>The third of the three: what the oracle says is what packets do, for random manifests.</summary>
public sealed class RandomClustersOnTheWire
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(11, true)]
    [InlineData(12, true)]
    [InlineData(13, true)]
    [InlineData(14, true)]
    [InlineData(15, true)]
    [InlineData(16, true)]
    public void Packets_do_what_the_oracle_says(int seed, bool tiers = false)
    {
        var cluster = RandomCluster.Generate(seed, 8, tiers);
        var report = Verifier.Run(cluster, NodeOptions.Default, RandomCluster.AllProbes, RandomCluster.Externals, null, null, null, TestContext.Current.CancellationToken);
        Assert.Null(report.ControlFailure);
        var wrong = report.Flows.Where(f => !f.Agrees).Take(5).Select(Describe).ToList();
        Assert.True(wrong.Count == 0, $"{report.Flows.Count} flows, {report.Disagree} disagree, {report.Undecided} undecided:\n{string.Join('\n', wrong)}\n{ClusterText.Describe(cluster)}");
        ThreadHome.AssertAllHome();
    }

    private static string Describe(FlowResult f) =>
        $"{f.Flow.From.Name} -> {f.Flow.To.Name} {f.Flow.Probe} {f.Flow.Family}: expected {f.Expected}, {f.Measured} ({f.Evidence}, {f.DropReason})";
}
