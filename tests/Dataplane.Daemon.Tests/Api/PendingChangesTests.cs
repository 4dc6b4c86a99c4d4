using System.Net;
using Dataplane.Control.Reconcile;
using Dataplane.Control.State;
using Dataplane.Daemon.Endpoints;
using Dataplane.Linux.Conntrack;
using Dataplane.Node.Live;
using Dataplane.Policy.Model;

namespace Dataplane.Daemon.Tests.Api;

/// <summary>What a follower of changes is told, who may read slower than changes come.</summary>
public sealed class PendingChangesTests
{
    [Fact]
    public async Task Changes_that_come_faster_than_they_are_read_are_one_line_with_all_that_was_cut()
    {
        var pending = new PendingChanges();
        pending.Add(Snapshot(1, "x/before"));
        Assert.Equal((1, 0), Told(pending));
        var none = pending.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(none.IsCompleted);
        var second = Snapshot(2, "x/a");
        pending.Add(second);
        await none;
        // A snapshot between two changes has the list of the one before.
        pending.Add(second with { Problem = "store" });
        pending.Add(Snapshot(3, "x/b", "x/c"));
        var line = pending.Take();
        Assert.Equal(3, line.Generation);
        Assert.Equal(["x/a", "x/b", "x/c"], line.Cut.Select(c => c.From));
        pending.Add(Snapshot(4));
        Assert.Equal((4, 0), Told(pending));
    }

    [Fact]
    public void A_follower_that_does_not_read_costs_a_bounded_amount()
    {
        var pending = new PendingChanges();
        pending.Add(Snapshot(1));
        for (var i = 0; i < 5000; i++) pending.Add(Snapshot(i + 2, $"x/p{i}"));
        var line = pending.Take();
        Assert.Equal((5001, 1000, "x/p4999"), (line.Generation, line.Cut.Count, line.Cut[^1].From));
    }

    private static (long, int) Told(PendingChanges pending)
    {
        var line = pending.Take();
        return (line.Generation, line.Cut.Count);
    }

    private static NodeSnapshot Snapshot(long generation, params string[] cut) => new(
        DesiredState.Empty with { Generation = generation },
        new Cluster(new Dictionary<string, Kubernetes.Objects.NamespaceObject>(), [], [], new NodeEndpoint(null,
            null)), [], false, true)
    {
        EnforcedGeneration = generation,
        Cut = [.. cut.Select(from => new CutConnection(from, "x/to",
            new ConntrackTuple(IPAddress.Loopback, IPAddress.Loopback, 6, 40000, 80)))],
    };
}
