using PacketDotNet;

namespace Dataplane.Cli.Read;

/// <summary>
/// Finds the layers of a frame with PacketDotNet. A hostile frame can make PacketDotNet throw in any property, nest
/// without end (IP in IP with a header length of 0), and overflow the stack in <c>ToString</c> and <c>Extract</c>,
/// which no handler stops. Therefore the layers are read one at a time, at most <see cref="Most"/>, none after an
/// invalid IPv4 header, and <c>ToString</c> is not used.
/// </summary>
internal static class GuardedLayers
{
    public const int Most = 8;

    /// <summary>IPv4 headers have 5 words at least (RFC 791, section 3.1).</summary>
    private const int LeastHeaderWords = 5;

    /// <param name="frame">The frame, which is copied because PacketDotNet modifies its input.</param>
    /// <returns>Names without the suffix Packet, outermost first: <c>Ethernet</c>, <c>IPv4</c>, <c>Gre</c>. The list
    /// ends at the first undecodable layer.</returns>
    public static IReadOnlyList<string> Of(LinkLayers link, ReadOnlySpan<byte> frame)
    {
        var names = new List<string>();
        try
        {
            if (!HasPossibleHeader(link, frame)) return names;
            var packet = Packet.ParsePacket(Known(link), frame.ToArray());
            for (; packet is not null && names.Count < Most; packet = packet.PayloadPacket)
            {
                names.Add(Name(packet));
                // The payload would start at the header's own start.
                if (packet is IPv4Packet { HeaderLength: < LeastHeaderWords }) break;
            }
        }
        catch (Exception)
        {
            // A layer that PacketDotNet cannot decode has no further layers.
        }
        return names;
    }

    private static LinkLayers Known(LinkLayers link) =>
        link is LinkLayers.IPv4 or LinkLayers.IPv6 ? LinkLayers.Raw : link;

    private static bool HasPossibleHeader(LinkLayers link, ReadOnlySpan<byte> frame) => link switch
    {
        LinkLayers.Ethernet or LinkLayers.LinuxSll or LinkLayers.LinuxSll2 => true,
        _ => frame.Length > 0 && (frame[0] >> 4 != 4 || (frame[0] & 0xf) >= LeastHeaderWords),
    };

    private static string Name(Packet packet)
    {
        const string Ending = nameof(Packet);
        var name = packet.GetType().Name;
        return name.EndsWith(Ending, StringComparison.Ordinal) ? name[..^Ending.Length] : name;
    }
}
