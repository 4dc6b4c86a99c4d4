using Dataplane.Policy.Compilation;
using Dataplane.Policy.Compilation.Classes;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Tests.Compilation;

/// <summary>
/// Two minds: the oracle evaluates policies one by one, the compiler turns them into classes. They must never differ.
/// </summary>
public sealed class CompilerProperties
{
    [Fact]
    public void The_compiled_classes_answer_as_the_oracle_does() =>
        RandomCase.ForAll(given => Disagreements(given.Cluster) is null, tests: 300, tiers: true);

    [Fact]
    public void With_tiers_too() =>
        RandomCase.ForAll(given => Disagreements(given.Cluster) is null, tests: 300, tiers: true);

    [Theory]
    [InlineData(40, 1)]
    [InlineData(60, 2)]
    public void Larger_clusters_too_where_groups_come_into_play(int size, int seed) =>
        Assert.Null(Disagreements(RandomCluster.Generate(seed, size, tiers: true)));

    // Eight classes are many for a small cluster: without these, groups and exceptions would hardly come up.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void And_wherever_the_limit_between_narrow_and_wide_lies(int narrowLimit) =>
        RandomCase.ForAll(given => Disagreements(given.Cluster, narrowLimit) is null, tests: 200, tiers: true);

    [Fact]
    public void The_order_of_policies_changes_nothing() => RandomCase.ForAll(given =>
    {
        var reversed = given.Cluster with { NetworkPolicies = [.. given.Cluster.NetworkPolicies.Reverse()] };
        var evaluator = new CompiledEvaluator(reversed, Compiler.Compile(reversed));
        return RandomCluster.Flows(given.Cluster)
            .All(f => evaluator.IsAllowed(f) == Oracle.Evaluate(given.Cluster, f).Allowed);
    }, tests: 30);

    [Fact]
    public void Exceptions_of_one_pair_never_overlap() => RandomCase.ForAll(given =>
    {
        var table = Compiler.Compile(given.Cluster);
        return new[] { table.Egress, table.Ingress }
            .All(d => d.Allowed.GroupBy(e => (e.Subject, e.Peer, e.Ports.Protocol))
                .All(g => g.Zip(g.Skip(1)).All(p => p.First.Ports.Last < p.Second.Ports.First)));
    });

    /// <summary>
    /// Nothing but the last rule tells a/x from b/x, and it is written with a group: what the first one leaves out must
    /// be split all the same, or giving back a/x gives back b/x.
    /// </summary>
    [Fact]
    public void What_one_rule_leaves_out_another_may_mean_in_part()
    {
        var lab = new Lab().Pod("a/subject", "app=subject");
        foreach (var app in new[] { "x", "p", "q", "r" })
            lab.Pod($"a/{app}", $"app={app}").Pod($"b/{app}", $"app={app}");
        lab.Policy("a/np", "app=subject", ingress:
        [
            Rule.Of([Rule.Both("{}", "app!=x")], ["TCP 80"]),
            .. new[] { "p", "q", "r" }.Select(app => Rule.Of([Rule.Both("{}", $"app={app}")], ["UDP 53"])),
            Rule.Of([Rule.Pods("{}")], ["TCP 80"]),
        ]);
        Assert.NotEmpty(Compiler.Compile(lab.Cluster, narrowLimit: 0).Ingress.Except);
        Assert.Null(Disagreements(lab.Cluster, narrowLimit: 0));
    }

    private static string? Disagreements(Cluster cluster, int narrowLimit = LevelRole.DefaultLimit)
    {
        var evaluator = new CompiledEvaluator(cluster, Compiler.Compile(cluster, narrowLimit));
        foreach (var flow in RandomCluster.Flows(cluster))
        {
            if (evaluator.IsAllowed(flow) != Oracle.Evaluate(cluster, flow).Allowed)
            {
                return $"{flow.From.Name} -> {flow.To.Name} {flow.Probe} {flow.Family}: "
                    + $"the oracle says {Oracle.Evaluate(cluster, flow).Allowed}";
            }
        }
        return null;
    }
}
