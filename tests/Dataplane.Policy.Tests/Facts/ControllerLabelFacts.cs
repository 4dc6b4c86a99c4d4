using Dataplane.Kubernetes.Loading;
using Dataplane.Policy.Compilation;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;
using Dataplane.Policy.Tests.Warnings;

namespace Dataplane.Policy.Tests.Facts;

/// <summary>Labels whose value a controller makes up: the key is there, the value is nobody's.</summary>
public sealed class ControllerLabelFacts
{
    private const string Unknown = "(generated)";

    [Theory]
    [InlineData("k", true)]
    [InlineData("!k", false)]
    [InlineData("k!=x", true)]
    [InlineData("k notin (x,y)", true)]
    [InlineData("k=x", false)]
    [InlineData("k in (x,y)", false)]
    [InlineData("k=", false)]
    public void Selectors_judge_a_value_that_is_not_known(string selector, bool matches) =>
        Assert.Equal(matches, Selector.Of(selector).Matches(Selector.Labels($"k={Unknown}")));

    /// <summary>The pods of the CronJob are those of a job: let in by one policy, not closed by the other.</summary>
    [Fact]
    public void Pods_of_a_cron_job_are_of_a_job()
    {
        var cluster = Cluster("cronjob/cronjob.yaml");
        var job = cluster.Pods.Single(p => p.Pod.Name == "curator-0");
        var search = cluster.Pods.Single(p => p.Pod.Name == "search");
        Assert.True(Allowed(cluster, job, search, 9200));
        Assert.False(Allowed(cluster, job, search, 9201));
        Assert.False(Allowed(cluster, search, job, 80));
        Assert.Empty(WarningsOf.Text(FaultFile.Text("cronjob/cronjob.yaml")));
    }

    private static Cluster Cluster(string fault) =>
        WarningsOf.ClusterOf(ManifestLoader.LoadText("m.yaml", FaultFile.Text(fault)).Manifests);

    private static bool Allowed(Cluster cluster, PodEndpoint from, PodEndpoint to, ushort port)
    {
        var flow = new Flow(from, to, new Probe(FlowProtocol.Tcp, port), System.Net.Sockets.AddressFamily.InterNetwork);
        var allowed = Oracle.Evaluate(cluster, flow).Allowed;
        Assert.Equal(allowed, new CompiledEvaluator(cluster, Compiler.Compile(cluster)).IsAllowed(flow));
        return allowed;
    }
}
