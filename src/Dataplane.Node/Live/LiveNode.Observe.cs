using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Node.Observation;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Live;

/// <content>What there is to see of a node.</content>
public sealed partial class LiveNode
{
    private DropLog? _drops;

    /// <summary>Owned by the node.</summary>
    public Netns Netns => _node.Netns;

    /// <summary>The interface index of the bridge. Another one when somebody deletes a host node's and it is mended.</summary>
    public int BridgeIndex => _node.BridgeIndex;

    /// <summary>The one reader of the node's drop log, from the first time that somebody asks for it.</summary>
    /// <exception cref="LinuxException">EBUSY: another program reads it.</exception>
    public DropLog Drops => _drops ??= DropLog.Open(_node.Netns);

    /// <summary>Elements in all sets.</summary>
    public int Elements => _programmer.Elements;

    /// <summary>Sends one packet and follows it rule by rule. Of what that takes nothing is left behind, however it ends.</summary>
    /// <exception cref="UntraceableException">No packet can be sent from there, or nothing would see it arrive.</exception>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public PacketTrace Trace(Flow flow, CancellationToken stop) =>
        IsSimulated ? throw new UntraceableException(NoPackets) : new PacketTracer(_node, _programmer, Drops, _enforced ?? throw new UntraceableException("nothing is enforced yet")).Trace(flow, stop);
}
