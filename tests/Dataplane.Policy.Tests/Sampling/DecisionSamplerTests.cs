using System.Net.Sockets;
using Dataplane.Policy.Compilation;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;
using Dataplane.Policy.Sampling;
namespace Dataplane.Policy.Tests.Sampling;

/// <summary>A sample is a part of the matrix, never larger than asked for, and covers what it says it covers.</summary>
public sealed class DecisionSamplerTests
{
    private static readonly Probe[] Asked =
        [new(FlowProtocol.Tcp, 80), new(FlowProtocol.Tcp, 81), new(FlowProtocol.Udp, 53), new(FlowProtocol.Icmp, 0)];

    [Fact]
    public void A_sample_with_room_has_a_flow_of_every_decision() => RandomCase.ForAll(given =>
    {
        var (table, matrix) = (Compiler.Compile(given.Cluster), Matrix(given.Cluster));
        if (matrix.Count == 0) return true;
        var decisions = matrix.Select(f => Decision(given.Cluster, table, f)).ToHashSet();
        var sample = Choose(given.Cluster, decisions.Count, 7);
        return sample.Flows.Count == decisions.Count && sample.CoversAll && sample.Decisions == decisions.Count
            && sample.Flows.Select(f => Decision(given.Cluster, table, f)).ToHashSet().SetEquals(decisions);
    }, tests: 150, tiers: true);

    [Fact]
    public void What_the_oracle_can_tell_apart_by_verdict_is_never_one_decision() => RandomCase.ForAll(given =>
    {
        var table = Compiler.Compile(given.Cluster);
        return Matrix(given.Cluster).GroupBy(f => Decision(given.Cluster, table, f))
            .All(same => same.Select(f => Oracle.Evaluate(given.Cluster, f).Allowed).Distinct().Count() == 1);
    }, tests: 100, tiers: true);

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(40)]
    [InlineData(400)]
    public void It_is_as_large_as_asked_distinct_and_says_what_it_covers(int count) => RandomCase.ForAll(given =>
    {
        var (table, matrix) = (Compiler.Compile(given.Cluster), Matrix(given.Cluster));
        if (matrix.Count == 0) return true;
        var sample = Choose(given.Cluster, count, 3);
        var covered = sample.Flows.Select(f => Decision(given.Cluster, table, f)).ToHashSet().Count;
        var decisions = matrix.Select(f => Decision(given.Cluster, table, f)).ToHashSet().Count;
        return sample.Of == matrix.Count
            && sample.Flows.Count == Math.Min(count, matrix.Count)
            && sample.Flows.Distinct().Count() == sample.Flows.Count
            && sample.Covered == covered && covered == Math.Min(decisions, sample.Flows.Count)
            && sample.Decisions <= decisions && sample.CoversAll == (covered == decisions)
            && sample.Flows.SequenceEqual(matrix.Where(sample.Flows.ToHashSet().Contains));
    }, tests: 60, tiers: true);

    [Fact]
    public void A_seed_chooses_the_same_flows_again_and_another_seed_others()
    {
        var cluster = RandomCluster.Generate(5, 12, tiers: true);
        Assert.Equal(Choose(cluster, 100, 1).Flows, Choose(cluster, 100, 1).Flows);
        Assert.NotEqual(Choose(cluster, 100, 1).Flows, Choose(cluster, 100, 2).Flows);
    }

    [Fact]
    public void One_family_only()
    {
        var sample = DecisionSampler.Choose(RandomCluster.Generate(5, 12),
            Compiler.Compile(RandomCluster.Generate(5, 12)), Asked, [], AddressFamily.InterNetworkV6, 50, 1);
        Assert.All(sample.Flows, f => Assert.Equal(AddressFamily.InterNetworkV6, f.Family));
    }

    private static FlowSample Choose(Cluster cluster, int count, int seed) =>
        DecisionSampler.Choose(cluster, Compiler.Compile(cluster), Asked, RandomCluster.Externals, null, count, seed);

    private static List<Flow> Matrix(Cluster cluster)
    {
        var flows = new List<Flow>();
        ReachabilityMatrix.Compute(cluster, Asked, RandomCluster.Externals, flow =>
        {
            flows.Add(flow);
            return true;
        });
        return flows;
    }

    /// <summary>
    /// What the sampler groups, one flow at a time. A pod to itself is found by its address, whatever its class as a
    /// destination.
    /// </summary>
    private static string Decision(Cluster cluster, ClassTable table, Flow flow)
    {
        var evaluator = new CompiledEvaluator(cluster, table);
        var to = flow.From == flow.To ? "itself" : $"{evaluator.AsDestination(flow.To, flow.Family)}";
        return $"{flow.Family} {evaluator.AsSource(flow.From, flow.Family)} {to} {evaluator.Decide(flow)}";
    }
}
