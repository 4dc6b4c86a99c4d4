using Dataplane.Linux.Namespaces;
using Dataplane.Node.Layout;
using Dataplane.Node.Ports.Bridge;
using Dataplane.Node.Ports.Simulated;
using Dataplane.Node.Programming;
using Dataplane.Planning;
using Dataplane.Policy.Diff;
using Dataplane.Policy.Model;
using Dataplane.Rules.Nftables;

namespace Dataplane.Bench;

/// <summary>A node that knows pods by its tables alone, programmed as the daemon programs.</summary>
internal sealed class SimulatedCluster : IDisposable
{
    private readonly SimulatedPorts _node;
    private readonly RulesetProgrammer _programmer;

    public SimulatedCluster(Cluster cluster)
    {
        var plan = NodePlan.Private(RunName.Next(), NodeOptions.Default);
        var netns = Netns.Create(plan.Name);
        _node = new SimulatedPorts(plan, netns, BridgeBuilder.Build(netns, plan));
        _node.AttachPods(cluster.Pods);
        _programmer = new RulesetProgrammer(_node);
        Cluster = cluster;
        Loaded = Took(_programmer.Program(cluster));
    }

    public Cluster Cluster { get; private set; }

    /// <summary>Milliseconds that the first transaction took: written, sent, committed.</summary>
    public double Loaded { get; }

    public int Elements => _programmer.Elements;

    /// <summary>What is programmed.</summary>
    public NodeRuleset Programmed => _programmer.Programmed()!;

    /// <summary>What is programmed, in nft's grammar.</summary>
    public string Text() => _programmer.Snapshot()!.Text();

    /// <summary>Changes to another cluster.</summary>
    /// <returns>Milliseconds of the netlink part, as of <see cref="Loaded"/>, and how many elements changed.</returns>
    public (double Milliseconds, int Elements) Change(Cluster next)
    {
        _node.AttachPods(next.Pods.Except(Cluster.Pods));
        var transaction = _programmer.Program(next, Tightening.May(Cluster, next));
        Cluster = next;
        return (Took(transaction), transaction.Elements);
    }

    public void Dispose()
    {
        _programmer.Dispose();
        _node.Dispose();
        Netns.Delete(_node.Plan.Name);
    }

    private static double Took(Transaction transaction) => transaction.Took.TotalMilliseconds;
}
