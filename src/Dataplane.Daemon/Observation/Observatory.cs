using Dataplane.Daemon.Reconcile;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Conntrack;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Node.Live;
using Dataplane.Node.Observation;

namespace Dataplane.Daemon.Observation;

/// <summary>All that looks at the node while it works. It must end before the node does.</summary>
internal sealed class Observatory : IDisposable
{
    private readonly Reconciler _reconciler;
    private readonly Netns _node;
    private readonly DropLog _drops;
    private readonly Func<int> _bridge;
    private Picture _shown;

    private Observatory(Reconciler reconciler, LiveNode node, PrometheusText metrics)
    {
        (_reconciler, Metrics, _node, _drops, _shown) = (reconciler, metrics, node.Netns, node.Drops, reconciler.Picture);
        _bridge = () => node.BridgeIndex;
        Flows = new FlowLog(_node, _drops, new FlowScene(_shown.Cluster, Ports(_shown)));
        Flows.Told += Count;
        reconciler.Shown += Use;
        DataplaneMeters.Read(new LiveReadings(() => reconciler.QueueDepth, ConntrackEntries));
    }

    public FlowLog Flows { get; }

    public PrometheusText Metrics { get; }

    /// <exception cref="LinuxException">Another program reads the drop log.</exception>
    public static Task<Observatory> StartAsync(Reconciler reconciler, PrometheusText metrics) => reconciler.OnNode(node => new Observatory(reconciler, node, metrics));

    /// <summary>Null where no pod of that name is attached.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public PodCapture? Capture(string pod, int snapLength, Stream output, FilterProgram? filter) =>
        _reconciler.Picture.Pods.FirstOrDefault(p => p.Pod.Name == pod) is not { } found ? null
            : new PodCapture(_node, _drops, Flows, found.PortIndex, _bridge(), [.. new[] { found.Pod.IPv4, found.Pod.IPv6 }.OfType<System.Net.IPAddress>()], pod, snapLength, output, filter);

    public void Dispose()
    {
        DataplaneMeters.Read(null);
        _reconciler.Shown -= Use;
        Flows.Dispose();
    }

    private static Func<IReadOnlyDictionary<int, string>> Ports(Picture picture) => () =>
        // Simulated pods have no ports.
        picture.Pods.Where(p => p.PortIndex != 0).ToDictionary(p => p.PortIndex, p => p.Pod.Name);

    private void Use(Picture picture)
    {
        if (ReferenceEquals(picture.Cluster, _shown.Cluster) && ReferenceEquals(picture.Pods, _shown.Pods)) return;
        var ports = ReferenceEquals(picture.Pods, _shown.Pods) ? null : Ports(picture);
        _shown = picture;
        Flows.Use(Flows.Scene.Next(picture.Cluster, ports));
    }

    private static void Count(ObservedFlow flow)
    {
        if (flow.Verdict == FlowVerdict.Lost) DataplaneMeters.Lost(flow.Count);
        else DataplaneMeters.Flows(FlowEntries.Word(flow.Verdict), flow.Count);
    }

    private long ConntrackEntries() => ConntrackTable.Count(_node) ?? 0;
}
