using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Node.Observation;
using Dataplane.Node.Programming;
using Dataplane.Node.Verification;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Live;

/// <content>Observation: drop log, rules, traces.</content>
public sealed partial class LiveNode
{
    private DropLog? _drops;

    /// <summary>Owned by the node.</summary>
    public Netns Netns => _node.Netns;

    /// <summary>
    /// The interface index of the bridge. It changes when the bridge of a host node is deleted and repaired.
    /// </summary>
    public InterfaceIndex BridgeIndex => _node.BridgeIndex;

    /// <summary>The one reader of the node's drop log, opened at the first use.</summary>
    /// <exception cref="LinuxException">EBUSY: another program reads it.</exception>
    public DropLog Drops => _drops ??= DropLog.Open(_node.Netns);

    /// <summary>
    /// What <see cref="Verify(IReadOnlyList{Flow}, CancellationToken)"/> and
    /// <see cref="Trace(Flow, CancellationToken)"/> send.
    /// </summary>
    public ProbeTraffic Probes { get; } = new();

    /// <summary>
    /// The rules that the kernel should have, made for this call: as large as the cluster. Null before the first
    /// <see cref="Apply"/>.
    /// </summary>
    public RulesSnapshot? Rules() => _programmer.Snapshot();

    /// <summary>Elements in all sets of the rules.</summary>
    public int Elements => _programmer.Elements;

    public ServiceElements ServiceElements => _programmer.ServiceElements;

    /// <summary>
    /// Sends one packet and follows it rule by rule. The trace is removed afterwards, also after a failure.
    /// </summary>
    /// <exception cref="UntraceableException">
    /// No packet can be sent from there, or nothing would see it arrive.
    /// </exception>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public PacketTrace Trace(Flow flow, CancellationToken stop)
    {
        if (IsSimulated) throw new UntraceableException(NoPackets);
        var enforced = _enforced ?? throw new UntraceableException("nothing is enforced yet");
        return new PacketTracer(_node, _programmer, Drops, enforced, Probes).Trace(flow, stop);
    }

    /// <summary>The same for a packet to a Service of the enforced state.</summary>
    /// <inheritdoc cref="Trace(Flow, CancellationToken)"/>
    public PacketTrace Trace(ServiceQuestion question, CancellationToken stop) =>
        new PacketTracer(_node, _programmer, Drops, RequireEnforced(), Probes).Trace(question, stop);
}
