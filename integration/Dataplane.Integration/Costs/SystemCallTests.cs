using Dataplane.Integration.Lifecycle;
using Dataplane.Integration.Live;
using Dataplane.Node.Live;
using Dataplane.Policy.Model;

namespace Dataplane.Integration.Costs;

/// <summary>
/// What a change costs is counted, not timed: system calls, as the kernel counts them. As many with thousands of pods
/// as with a few, and no more than the change needs. Alone, since there is one thread for namespaces in a process.
/// </summary>
[Collection(nameof(AloneOnTheMachine))]
public sealed class SystemCallTests(ITestOutputHelper output)
{
    private const int Times = 4, Many = 50;

    /// <summary>Sent, acknowledged. A question is sent, answered, and nothing more.</summary>
    private const int Transaction = 2, Question = 3;

    /// <summary>
    /// One transaction is sent, and its acknowledgement received. Where something may be closed to somebody,
    /// connections are judged again: one question whether there are any.
    /// </summary>
    [Fact]
    public void One_change_of_ten_thousand_pods_makes_the_calls_of_one_of_a_hundred()
    {
        using var counter = SystemCalls.Counter();
        var (few, many) = (Changes(counter, 100), Changes(counter, 10_000));
        foreach (var (what, counted) in many)
        {
            output.WriteLine($"{what}: {counted.List}; {few[what].Allocated} and {counted.Allocated} bytes");
            Assert.Equal(few[what].List, counted.List);
        }
        Assert.InRange(many["a policy edited"].Total, 1, Transaction + Question);
        Assert.InRange(many["a pod more"].Total, 1, Transaction);
        Assert.InRange(many["a pod relabelled"].Total, 1, Transaction + Question);
        Assert.InRange(many["a pod more"].Allocated, 1, 60_000);
        Assert.InRange(many["a pod relabelled"].Allocated, 1, 60_000);
        // It follows the pods that the policy is about: here one of seventy.
        Assert.InRange(many["a policy edited"].Allocated, 1, 300_000);
    }

    /// <summary>
    /// A pod costs the same on a full node and on an empty one; of fifty that come at once each costs less than one
    /// that comes alone.
    /// </summary>
    [Fact]
    public void A_pod_attached_and_detached_on_a_node_of_five_hundred_makes_the_calls_of_one_on_a_node_of_ten()
    {
        using var counter = SystemCalls.Counter();
        var (few, many) = (Churn(counter, 10), Churn(counter, 500));
        foreach (var (what, counted) in many)
        {
            output.WriteLine($"{what}: {counted.List}; {few[what].Allocated} and {counted.Allocated} bytes");
            Assert.Equal(few[what].List, counted.List);
        }
        Assert.InRange(many["one comes"].Total, 1, 88);
        Assert.InRange(many["one goes"].Total, 1, 31);
        Assert.InRange(many["many come"].Total, Many, Many * 73);
        Assert.InRange(many["many go"].Total, Many, Many * 19);
        Assert.InRange(many["one comes"].Allocated, 1, 80_000);
        Assert.InRange(many["one goes"].Allocated, 1, 60_000);
        Assert.InRange(many["many come"].Allocated, 1, Many * 21_000);
        Assert.InRange(many["many go"].Allocated, 1, Many * 6_300);
    }

    /// <summary>What each change takes at the least, on a node of so many pods that are elements only.</summary>
    private static Dictionary<string, Counted> Changes(SystemCalls counter, int pods)
    {
        using var lab = new LiveLab(kind: NodeKind.Simulated);
        var cluster = NumberedPods.Cluster(0, pods);
        lab.Node.Apply(cluster);
        Dictionary<string, Counted> least = [];
        for (var time = 0; time < Times; time++)
        {
            Apply("a policy edited", cluster with
            {
                NetworkPolicies = [NumberedPods.Policy($"TCP {1000 + time}"), .. cluster.NetworkPolicies.Skip(1)],
            });
            Apply("a pod more", cluster with { Pods = [.. cluster.Pods, NumberedPods.Pod(pods + time)] });
            Apply("a pod relabelled", cluster with
            {
                Pods = [cluster.Pods[0], NumberedPods.Pod(1, app: 2 - time % 2), .. cluster.Pods.Skip(2)],
            });
        }
        return least;

        void Apply(string what, Cluster next) => Keep(least, what, counter.Count(() => lab.Node.Apply(cluster = next)));
    }

    /// <summary>What coming and going takes at the least, on a node that holds so many pods with namespaces.</summary>
    private static Dictionary<string, Counted> Churn(SystemCalls counter, int pods)
    {
        using var lab = new LiveLab();
        var all = NumberedPods.Cluster(0, pods + Many);
        var few = all with { Pods = [.. all.Pods.Take(pods)] };
        lab.Node.Apply(few);
        Dictionary<string, Counted> least = [];
        foreach (var (count, come, go) in new[] { (1, "one comes", "one goes"), (Many, "many come", "many go") })
        {
            var more = all with { Pods = [.. all.Pods.Take(pods + count)] };
            for (var time = 0; time < Times; time++)
            {
                Keep(least, come, counter.Count(() => lab.Node.Apply(more)));
                Keep(least, go, counter.Count(() => lab.Node.Apply(few)));
            }
        }
        return least;
    }

    private static void Keep(Dictionary<string, Counted> least, string what, Counted now) =>
        least[what] = least.TryGetValue(what, out var before) ? Counted.Least(before, now) : now;
}
