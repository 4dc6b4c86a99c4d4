using System.Net.Sockets;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Verification;
using Dataplane.Planning;
using Dataplane.Policy.Model;
using Dataplane.Testing.Clusters;
using Dataplane.Testing.Generating;

namespace Dataplane.Integration.Verification;

/// <summary>The third of the three: what the oracle says is what packets do, for random manifests.</summary>
public sealed class RandomClustersOnTheWire
{
    [Fact]
    public void Packets_do_what_the_oracle_says_in_many_small_clusters()
    {
        for (var seed = 1; seed <= 25; seed++) Verify(seed, RandomCluster.Generate(seed, 4), RandomCluster.AllProbes);
    }

    [Fact]
    public void And_with_tiers()
    {
        for (var seed = 1; seed <= 12; seed++)
            Verify(seed, RandomCluster.Generate(seed, 5, tiers: true), RandomCluster.AllProbes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void And_in_larger_ones(int seed) => Verify(seed, RandomCluster.Generate(seed, 20),
        [.. RandomCluster.AllProbes.Where((p, i) => i % 3 == 0 || p.Protocol == FlowProtocol.Icmp)]);

    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void And_where_pods_have_one_family(AddressFamily family)
    {
        for (var seed = 100; seed < 105; seed++)
        {
            var cluster = RandomCluster.Generate(seed, 6);
            var pods = cluster.Pods.Select(p => p.IsHostNetwork ? p
                : family == AddressFamily.InterNetwork
                ? p with { IPv6 = null }
                : p with { IPv4 = null }).Where(p => p.Address(family) is not null).ToList();
            Verify(seed, cluster with { Pods = pods }, RandomCluster.AllProbes);
        }
    }

    private static void Verify(int seed, Cluster cluster, IReadOnlyList<Probe> probes)
    {
        var report = Verifier.Run(cluster, NodeOptions.Default, probes, RandomCluster.Externals, null, null, null,
            TestContext.Current.CancellationToken);
        Assert.Null(report.ControlFailure);
        Assert.DoesNotContain(report.Warnings, w => w.Contains("left out", StringComparison.Ordinal));
        var wrong = report.Flows.Where(f => !f.Agrees).Take(5).Select(Describe).ToList();
        Assert.True(wrong.Count == 0,
            $"seed {seed}: {report.Flows.Count} flows, {report.Disagree} disagree, {report.Undecided} undecided:\n"
                + $"{string.Join('\n', wrong)}\n{ClusterText.Describe(cluster)}");
        ThreadHome.AssertAllHome();
    }

    private static string Describe(FlowResult f) =>
        $"{f.Flow.From.Name} -> {f.Flow.To.Name} {f.Flow.Probe} {f.Flow.Family}: expected {f.Expected}, "
            + $"{f.Measured} ({f.Evidence}, {f.DropReason})";
}
