using System.Buffers.Binary;
using System.Globalization;
using Dataplane.Linux.Frames;
using Dataplane.Node.Observation;
using PacketDotNet;

namespace Dataplane.Cli.Read;

/// <summary>
/// Decodes frames with the program's own parser, which reads in place and supports SCTP. PacketDotNet, behind a guard,
/// names the other layers. No input makes the decoder throw.
/// </summary>
internal static class FrameDecoder
{
    // Offsets of the ethertype and of the packet: pcap/sll.h, struct sll_header and sll2_header.
    private const int CookedType = 14, CookedHeader = 16, Cooked2Type = 0, Cooked2Header = 20;

    /// <summary>Layers that the columns show already.</summary>
    private static readonly string[] Told =
        ["Ethernet", "Ieee8021Q", "LinuxSll", "LinuxSll2", "RawIP", "IPv4", "IPv6", "Udp"];

    public static bool Knows(LinkLayers link) =>
        link is LinkLayers.Ethernet or LinkLayers.LinuxSll or LinkLayers.LinuxSll2
            or LinkLayers.Raw or LinkLayers.RawLegacy or LinkLayers.IPv4 or LinkLayers.IPv6;

    /// <param name="frame">The frame from the link header on, possibly truncated.</param>
    public static FrameFacts Decode(LinkLayers link, ReadOnlySpan<byte> frame)
    {
        var facts = link switch
        {
            LinkLayers.Ethernet => Ethernet(frame),
            LinkLayers.LinuxSll => Cooked(frame, CookedType, CookedHeader),
            LinkLayers.LinuxSll2 => Cooked(frame, Cooked2Type, Cooked2Header),
            _ => IpView.TryParse(frame, out var ip) ? Ip(ip) : Damaged(null, null, "IP"),
        };
        // UDP may carry tunnels; packets with flags or a type are named already.
        return facts.What.Length > 0 ? facts : Named(facts, GuardedLayers.Of(link, frame));
    }

    private static FrameFacts Named(FrameFacts facts, IReadOnlyList<string> layers)
    {
        // The layers above IP, or above Ethernet without IP, except the transport that is shown already.
        var inner = layers.SkipWhile(Told.Contains);
        return facts with { Layers = layers, What = string.Join(" > ", inner) };
    }

    private static FrameFacts Ethernet(ReadOnlySpan<byte> frame)
    {
        if (!EthernetView.TryParse(frame, out var ethernet)) return Damaged(null, null, "Ethernet");
        var (from, to) = (ethernet.Source.ToString(), ethernet.Destination.ToString());
        return Payload(ethernet.EtherType, ethernet.Payload, from, to);
    }

    private static FrameFacts Cooked(ReadOnlySpan<byte> frame, int typeOffset, int headerLength) =>
        frame.Length < headerLength
        ? Damaged(null, null, "Linux cooked")
        : Payload(BinaryPrimitives.ReadUInt16BigEndian(frame[typeOffset..]), frame[headerLength..], null, null);

    private static FrameFacts Payload(ushort type, ReadOnlySpan<byte> payload, string? from, string? to)
    {
        switch (type)
        {
            case EtherTypes.IPv4 or EtherTypes.IPv6:
                return IpView.TryParse(payload, type, out var ip) ? Ip(ip) : Damaged(from, to, "IP");
            case EtherTypes.Arp when ArpView.TryParse(payload, out var arp):
                var what = arp.Operation switch
                {
                    ArpView.Request => "who-has",
                    ArpView.Reply => "is-at",
                    _ => $"operation {arp.Operation}",
                };
                return new FrameFacts(arp.Sender, arp.Target, from, to, "ARP", 0, 0, FlowPart.None, null, what);
            default:
                // A value up to 1500 is the length of an IEEE 802.3 frame.
                var protocol = type <= 1500 ? "802.3" : string.Create(CultureInfo.InvariantCulture, $"0x{type:x4}");
                return new FrameFacts(null, null, from, to, protocol, 0, 0, FlowPart.None, null, "");
        }
    }

    private static FrameFacts Ip(in IpView ip)
    {
        var facts = PacketFacts.Of(ip);
        var what = FrameText.Kind(ip);
        if (ip.IsFragment) what = $"{what} fragment at {ip.FragmentOffset}{(ip.MoreFragments ? "+" : "")}".TrimStart();
        var (part, flow) = FlowParts.Of(ip, facts);
        if (what.Length == 0 && part == FlowPart.None && facts.FlowProtocol is not null) what = "cut short";
        return new FrameFacts(
            ip.Source, ip.Destination, null, null, facts.ProtocolText, facts.SourcePort, facts.Port, part, flow, what);
    }

    private static FrameFacts Damaged(string? from, string? to, string layer) =>
        new(null, null, from, to, "?", 0, 0, FlowPart.None, null, $"no whole {layer} header");
}
