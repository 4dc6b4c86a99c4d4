using Dataplane.Linux.Frames;

namespace Dataplane.Node.Observation;

/// <summary>One entry of the drop log, copied out of the receive buffer; or a loss.</summary>
/// <param name="Reason">The rule's prefix; see <see cref="Rules.Shape.DropReason"/>.</param>
/// <param name="Packet">From the network header on, at most 200 bytes.</param>
/// <param name="EtherType">What <paramref name="Packet"/> is.</param>
/// <param name="Port">
/// The interface index it came in by: of the bridge's port where the bridge dropped it. 0 for the node's own.
/// </param>
public sealed record DropRecord(DateTimeOffset Time, string Reason, ReadOnlyMemory<byte> Packet, ushort EtherType,
    int Port, MacAddress? SourceMac)
{
    /// <summary>
    /// So many entries before this one are missing; of a loss more than 0, and then nothing else is set.
    /// </summary>
    public long Lost { get; private init; }

    internal static DropRecord Loss(long count) => new(DateTimeOffset.UtcNow, "", default, 0, 0, null) { Lost = count };
}
