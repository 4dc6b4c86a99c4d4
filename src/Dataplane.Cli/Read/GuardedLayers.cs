using PacketDotNet;

namespace Dataplane.Cli.Read;

/// <summary>
/// Asks PacketDotNet which layers a frame has. A hostile frame can make it throw at any property, describe itself
/// without end (IP in IP with a header length of 0), and overflow the stack in <c>ToString</c> and <c>Extract</c>,
/// which no handler stops. Therefore only one layer at a time is asked for, at most <see cref="Most"/>, none behind an
/// impossible IPv4 header, and nothing is printed by it.
/// </summary>
internal static class GuardedLayers
{
    public const int Most = 8;

    /// <summary>IPv4 headers have 5 words at least (RFC 791, section 3.1).</summary>
    private const int LeastHeaderWords = 5;

    /// <param name="frame">Copied: PacketDotNet writes into what it reads.</param>
    /// <returns>Names without the word Packet, outermost first: <c>Ethernet</c>, <c>IPv4</c>, <c>Gre</c>. As far as it
    /// came.</returns>
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
                // Its payload would begin where it begins itself.
                if (packet is IPv4Packet { HeaderLength: < LeastHeaderWords }) break;
            }
        }
        catch (Exception)
        {
            // What it cannot take apart has no further layers.
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
