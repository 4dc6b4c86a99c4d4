using System.Net;
using Dataplane.Control.Metering;
using Dataplane.Control.Reconcile;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Conntrack;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Node.Live;
using Dataplane.Node.Observation;
using Dataplane.Policy.Model;
using Dataplane.Policy.Services;

namespace Dataplane.Daemon.Observation;

/// <summary>
/// Everything that watches the node while it works: the flow log and captures. Dispose it before the node.
/// </summary>
internal sealed class Observatory : IDisposable
{
    private readonly Reconciler _reconciler;
    private readonly DataplaneMeters _meters;
    private readonly Netns _node;
    private readonly DropLog _drops;
    private readonly Func<InterfaceIndex> _bridge;
    private NodeSnapshot _shown;
    private volatile Counted? _counted;

    private Observatory(Reconciler reconciler, LiveNode node, DataplaneMeters meters)
    {
        (_reconciler, _meters, _shown) = (reconciler, meters, reconciler.Current);
        (_node, _drops) = (node.Netns, node.Drops);
        _bridge = () => node.BridgeIndex;
        Flows = new FlowLog(_node, _drops, new FlowScene(_shown.Cluster, Ports(_shown)), node.Probes);
        Flows.Told += Count;
        reconciler.Changed += Use;
        meters.Read(new LiveReadings(() => reconciler.QueueDepth, ConntrackEntries, Endpoints));
    }

    public FlowLog Flows { get; }

    /// <exception cref="LinuxException">Another program reads the drop log.</exception>
    public static Task<Observatory> StartAsync(Reconciler reconciler, DataplaneMeters meters) =>
        reconciler.OnNode(node => new Observatory(reconciler, node, meters));

    /// <param name="filter">Null: all frames.</param>
    /// <returns>Null where no pod of that name is attached.</returns>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public PodCapture? Capture(string pod, int snapLength, Stream output, FilterProgram? filter)
    {
        if (_reconciler.Current.Pods.FirstOrDefault(p => p.Pod.Name == pod) is not { } found) return null;
        IPAddress[] addresses = [.. new[] { found.Pod.IPv4, found.Pod.IPv6 }.OfType<IPAddress>()];
        return new PodCapture(
            _node, _drops, Flows, found.PortIndex, _bridge(), addresses, pod, snapLength, output, filter);
    }

    public void Dispose()
    {
        _meters.Read(null);
        _reconciler.Changed -= Use;
        Flows.Dispose();
    }

    private static Func<IReadOnlyDictionary<InterfaceIndex, string>> Ports(NodeSnapshot snapshot) => () =>
        // Simulated pods have no ports.
        snapshot.Pods.Where(p => !p.PortIndex.IsNone).ToDictionary(p => p.PortIndex, p => p.Pod.Name);

    private void Use(NodeSnapshot snapshot)
    {
        var isSamePods = ReferenceEquals(snapshot.Pods, _shown.Pods);
        if (isSamePods && ReferenceEquals(snapshot.Cluster, _shown.Cluster)) return;
        _shown = snapshot;
        Flows.Use(Flows.Scene.Next(snapshot.Cluster, isSamePods ? null : Ports(snapshot)));
    }

    private void Count(ObservedFlow flow)
    {
        if (flow.Verdict == FlowVerdict.Lost) _meters.Lost(flow.Count);
        else _meters.Flows(flow.Verdict.Text(), flow.Count);
    }

    /// <summary>Counted once for a state, when somebody asks.</summary>
    private EndpointCounts Endpoints()
    {
        var cluster = _reconciler.Current.Cluster;
        if (_counted is not { } counted || !ReferenceEquals(counted.Of, cluster))
            _counted = counted = new Counted(cluster, EndpointCounts.Of(cluster));
        return counted.Counts;
    }

    private sealed record Counted(Cluster Of, EndpointCounts Counts);

    private long ConntrackEntries() => ConntrackTable.Count(_node) ?? 0;
}
