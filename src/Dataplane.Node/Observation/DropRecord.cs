using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Node.Observation;

/// <summary>One entry of the drop log, copied out of the receive buffer; or a loss.</summary>
/// <param name="Reason">The rule's prefix; see <see cref="Rules.Shape.DropReason"/>.</param>
/// <param name="Packet">The packet from its network header on, at most 200 bytes.</param>
/// <param name="EtherType">The protocol of <paramref name="Packet"/>, an ETH_P value (linux/if_ether.h).</param>
/// <param name="Port">
/// Index of the interface that the packet arrived at; where the bridge dropped it, of the bridge port. None for packets
/// that the node itself sent.
/// </param>
public sealed record DropRecord(DateTimeOffset Time, string Reason, ReadOnlyMemory<byte> Packet, ushort EtherType,
    InterfaceIndex Port, MacAddress? SourceMac)
{
    /// <summary>
    /// Number of entries lost before the next one. 0 for an entry; above 0 for a loss, whose other properties are
    /// empty.
    /// </summary>
    public long Lost { get; private init; }

    internal static DropRecord Loss(long count) =>
        new(DateTimeOffset.UtcNow, "", default, 0, InterfaceIndex.None, null) { Lost = count };
}
