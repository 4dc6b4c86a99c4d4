using System.Net.Sockets;
using Dataplane.Kubernetes.Loading;
using Dataplane.Node.Verification;
using Dataplane.Planning;
using Dataplane.Policy.Model;

namespace Dataplane.Daemon.Tests.Verification;

/// <summary>How many packets a verification sends to Services is known, and bounded, before the first one.</summary>
public sealed class ServiceQuestionsTests
{
    private const int Pods = 20, Services = 6;

    /// <summary>For two backends.</summary>
    private const int Each = 60;

    private static readonly Cluster Cluster = Made();

    [Fact]
    public void Where_it_is_not_too_long_everybody_asks_each()
    {
        var all = Asked((Pods + 1) * Services * Each);
        Assert.Null(all.Cut);
        Assert.Equal((Pods + 1) * Services,
            all.All.Select(q => (q.From.Name, q.Frontend.Service.Name)).Distinct().Count());
    }

    [Theory]
    [InlineData((Pods + 1) * Services * Each - 1, Pods)]
    [InlineData(Services * Each * 7, 7)]
    [InlineData(Services * Each, 1)]
    public void Else_each_Service_is_asked_by_some_who_take_turns(int most, int share)
    {
        var some = Asked(most);
        Assert.InRange(some.All.Sum(q => (long)q.Packets), 1, most);
        Assert.Equal(Enumerable.Repeat(share, Services),
            some.All.CountBy(q => q.Frontend.Service.Name).Select(c => c.Value));
        Assert.Equal(Math.Min(Pods + 1, share * Services), some.All.Select(q => q.From.Name).Distinct().Count());
        Assert.Equal($"{share * Services} of {(Pods + 1) * Services} ways to Services are probed: each port of a "
            + $"Service from {share} of its sources; name one with `test --packets`", some.Cut);
    }

    /// <summary>None is left out.</summary>
    [Fact]
    public void One_asks_always() => Assert.Equal(Services, Asked(1).All.Count);

    private static ServiceQuestions Asked(long most) =>
        ServiceQuestions.Of(Cluster, [], AddressFamily.InterNetwork, TestContext.Current.CancellationToken, most);

    private static Cluster Made()
    {
        var text = string.Concat(Enumerable.Range(0, Pods).Select(i => "{apiVersion: v1, kind: Pod, metadata: "
            + $"{{name: p{i}, namespace: x, labels: {{app: \"{(i < 2 ? "web" : "other")}\"}}}}, "
            + "spec: {containers: [{name: c}]}}\n---\n"))
            + string.Join("\n---\n", Enumerable.Range(0, Services).Select(i =>
                $"{{apiVersion: v1, kind: Service, metadata: {{name: s{i}, namespace: x}}, "
                    + $"spec: {{selector: {{app: web}}, ports: [{{port: {80 + i}}}]}}}}"));
        return Planner.Plan(ManifestLoader.LoadText("m.yaml", text), NodeOptions.Default).Cluster!;
    }
}
