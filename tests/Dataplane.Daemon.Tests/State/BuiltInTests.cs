using System.Net;
using Dataplane.Control.Reconcile;
using Dataplane.Control.Refusals;
using Dataplane.Control.State;
using Dataplane.Planning;

namespace Dataplane.Daemon.Tests.State;

/// <summary>The name server's pod and Service beside what others have in their networks.</summary>
public sealed class BuiltInTests
{
    /// <summary>Five addresses for pods.</summary>
    private static readonly NodeOptions Small = new()
    {
        PodNetworkIPv4 = IPNetwork.Parse("10.1.0.0/29"), PodNetworkIPv6 = IPNetwork.Parse("fd01::/64"),
        HasNameServer = true,
    };

    private const string Service =
        "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n";

    private static string Pods(int count, int first = 0) => string.Join("---\n", Enumerable.Range(first, count)
        .Select(i => $"apiVersion: v1\nkind: Pod\nmetadata: {{name: p{i}}}\nspec: {{containers: [{{name: c}}]}}\n"));

    private static Plan Apply(Plan plan, NodeOptions node, params string[] documents) => plan.After(
        StateChange.Apply(plan.State, Given.Documents("a.yaml", documents), prune: false), node);

    /// <summary>As after an update from a version without a name server.</summary>
    [Theory]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public void A_full_network_is_enforced_without_the_name_server(int pods, bool hasRoom)
    {
        var old = Small with { HasNameServer = false };
        var before = Apply(Plan.Of(DesiredState.Empty, old), old, Pods(pods), Service);
        var plan = Plan.Of(before.State, Small);
        Assert.Equal(hasRoom, BuiltInObjects.AreIn(plan.Cluster));
        Assert.Equal(!hasRoom, BuiltInObjects.AreLeftOut(plan.Cluster));
        Assert.Equal(before.Cluster.Pods.Select(p => (p.Name, p.IPv4)),
            plan.Cluster.Pods.Where(p => p.Name != BuiltInObjects.Pod).Select(p => (p.Name, p.IPv4)));
        // As soon as there is room, it comes.
        var less = plan.After(StateChange.Delete(plan.State, [new ObjectKey("Pod", "default/p0")], false), Small);
        Assert.True(BuiltInObjects.AreIn(less.Cluster));
    }

    [Fact]
    public void A_name_server_that_is_there_makes_no_room_for_others()
    {
        var plan = Apply(Plan.Of(DesiredState.Empty, Small), Small, Pods(4), Service);
        Assert.True(BuiltInObjects.AreIn(plan.Cluster));
        Assert.Contains("is full", Assert.Throws<RefusalException>(() => Apply(plan, Small, Pods(1, first: 4)))
            .Diagnostics[0].Message, StringComparison.Ordinal);
    }
}
