using Dataplane.Linux.Frames;

namespace Dataplane.Node.Observation;

/// <summary>
/// The drop log begins at the network header; capture files want an Ethernet header in front of it: made up, with zero
/// addresses.
/// </summary>
internal static class DroppedFrame
{
    /// <returns>Bytes written: what fits.</returns>
    public static int Write(Span<byte> frame, ReadOnlySpan<byte> packet)
    {
        var length = Math.Min(packet.Length, frame.Length - EthernetView.HeaderLength);
        frame[..EthernetView.HeaderLength].Clear();
        (frame[12], frame[13]) = packet[0] >> 4 == 4 ? ((byte)0x08, (byte)0x00) : ((byte)0x86, (byte)0xdd);
        packet[..length].CopyTo(frame[EthernetView.HeaderLength..]);
        return EthernetView.HeaderLength + length;
    }
}
