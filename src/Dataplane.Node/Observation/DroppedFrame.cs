using Dataplane.Linux.Frames;

namespace Dataplane.Node.Observation;

/// <summary>
/// Makes frames for capture files from entries of the drop log: an entry begins at the network header, so an Ethernet
/// header with zero addresses is put in front.
/// </summary>
internal static class DroppedFrame
{
    /// <returns>The number of bytes written; a packet that is too long is cut.</returns>
    public static int Write(Span<byte> frame, ReadOnlySpan<byte> packet)
    {
        var length = Math.Min(packet.Length, frame.Length - EthernetView.HeaderLength);
        frame[..EthernetView.HeaderLength].Clear();
        (frame[12], frame[13]) = packet[0] >> 4 == 4 ? ((byte)0x08, (byte)0x00) : ((byte)0x86, (byte)0xdd);
        packet[..length].CopyTo(frame[EthernetView.HeaderLength..]);
        return EthernetView.HeaderLength + length;
    }
}
