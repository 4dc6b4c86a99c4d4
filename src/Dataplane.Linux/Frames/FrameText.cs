namespace Dataplane.Linux.Frames;

/// <summary>
/// Describes frames in one line of text, such as <c>TCP SYN 10.244.0.3:45250 > 10.244.0.2:80</c>. Not for hot paths: it
/// allocates.
/// </summary>
public static class FrameText
{
    /// <summary>Describes an Ethernet frame, however damaged or cut.</summary>
    public static string Summarise(ReadOnlySpan<byte> frame)
    {
        if (!EthernetView.TryParse(frame, out var ethernet))
        {
            return $"{frame.Length} bytes, no whole Ethernet header";
        }

        var tag = ethernet.TagCount == 0 ? "" : $"VLAN {ethernet.VlanId} ";
        return tag + ethernet.EtherType switch
        {
            EtherTypes.IPv4 or EtherTypes.IPv6 => ethernet.TryReadIp(out var packet) ? Ip(packet)
                : $"{ethernet.Payload.Length} bytes, no whole IP header",
            EtherTypes.Arp when ArpView.TryParse(ethernet.Payload, out var arp) => Arp(arp),
            _ => $"ethertype 0x{ethernet.EtherType:x4} {ethernet.Source} > {ethernet.Destination}",
        };
    }

    /// <summary>Describes a packet that begins with its IP header.</summary>
    public static string SummarisePacket(ReadOnlySpan<byte> packet) =>
        IpView.TryParse(packet, out var view) ? Ip(view) : $"{packet.Length} bytes, no whole IP header";

    /// <summary>
    /// The kind of a packet, without its ends: <c>SYN-ACK</c>, <c>INIT</c>, <c>echo request</c>; empty for UDP, for
    /// other protocols and for packets that are cut short.
    /// </summary>
    public static string Kind(in IpView packet) => packet.Protocol switch
    {
        IpProtocol.Tcp when TcpView.TryParse(packet.Transport, out var tcp) => Flags(tcp.Flags),
        IpProtocol.Sctp when SctpView.TryParse(packet.Transport, out var sctp) => Chunk(sctp.ChunkType),
        IpProtocol.Icmp when !packet.IsIPv6 && IcmpView.TryParse(packet.Transport, false, out var icmp) =>
            IcmpName(icmp.Type, icmp.Code),
        IpProtocol.Icmpv6 when packet.IsIPv6 && IcmpView.TryParse(packet.Transport, true, out var icmp) =>
            Icmpv6Name(icmp.Type, icmp.Code),
        _ => "",
    };

    private static string Arp(in ArpView arp) => arp.Operation switch
    {
        ArpView.Request => $"ARP who-has {arp.Target} tell {arp.Sender}",
        ArpView.Reply => $"ARP {arp.Sender} is-at {arp.SenderMac}",
        _ => $"ARP operation {arp.Operation} {arp.Sender} > {arp.Target}",
    };

    private static string Ip(in IpView packet)
    {
        var piece = packet.IsFragment ? $" fragment at {packet.FragmentOffset}{(packet.MoreFragments ? "+" : "")}" : "";
        var bare = $"{packet.Source} > {packet.Destination}{piece}";
        switch (packet.Protocol)
        {
            case IpProtocol.Tcp when TcpView.TryParse(packet.Transport, out var tcp):
                return $"TCP {Flags(tcp.Flags)} {Ends(packet, tcp.SourcePort, tcp.DestinationPort)}{piece}";
            case IpProtocol.Udp when UdpView.TryParse(packet.Transport, out var udp):
                return $"UDP {Ends(packet, udp.SourcePort, udp.DestinationPort)}{piece}";
            case IpProtocol.Sctp when SctpView.TryParse(packet.Transport, out var sctp):
                return $"SCTP {Chunk(sctp.ChunkType)} {Ends(packet, sctp.SourcePort, sctp.DestinationPort)}{piece}";
            case IpProtocol.Icmp when !packet.IsIPv6 && IcmpView.TryParse(packet.Transport, false, out var icmp):
                return $"ICMP {Icmp(icmp, IcmpName(icmp.Type, icmp.Code), bare)}";
            case IpProtocol.Icmpv6 when packet.IsIPv6 && IcmpView.TryParse(packet.Transport, true, out var icmp):
                return $"ICMPv6 {Icmp(icmp, Icmpv6Name(icmp.Type, icmp.Code), bare)}";
            case IpProtocol.Tcp or IpProtocol.Udp or IpProtocol.Sctp or IpProtocol.Icmp or IpProtocol.Icmpv6:
                var name = packet.Protocol.ToString().ToUpperInvariant()
                    .Replace("ICMPV6", "ICMPv6", StringComparison.Ordinal);
                return $"{name} {bare}{(piece.Length == 0 ? " (cut short)" : "")}";
            default:
                return $"IPv{(packet.IsIPv6 ? 6 : 4)} protocol {(byte)packet.Protocol} {bare}";
        }
    }

    private static string Ends(in IpView packet, ushort source, ushort destination) => packet.IsIPv6
        ? $"[{packet.Source}]:{source} > [{packet.Destination}]:{destination}"
        : $"{packet.Source}:{source} > {packet.Destination}:{destination}";

    private static string Flags(TcpFlags flags)
    {
        if (flags == TcpFlags.None)
        {
            return "no flags";
        }

        ReadOnlySpan<string> names = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"];
        var text = "";
        for (var bit = 0; bit < 8; bit++)
        {
            if (((byte)flags >> bit & 1) != 0)
            {
                text += text.Length == 0 ? names[bit] : "-" + names[bit];
            }
        }

        return text;
    }

    private static string Chunk(SctpChunkType type) => type switch
    {
        SctpChunkType.Data => "DATA",
        SctpChunkType.Init => "INIT",
        SctpChunkType.InitAck => "INIT-ACK",
        SctpChunkType.Abort => "ABORT",
        _ => $"chunk {(byte)type}",
    };

    private static string Icmp(in IcmpView icmp, string name, string ends)
    {
        var echo = icmp.IsEchoRequest || icmp.IsEchoReply ? $" id {icmp.Identifier} seq {icmp.Sequence}" : "";
        var quote = icmp.TryReadQuoted(out var quoted) ? $" quoting {QuotedIp(quoted)}" : "";
        return $"{name} {ends}{echo}{quote}";
    }

    /// <summary>
    /// The quoted packet without what it quotes itself, so that a hostile packet cannot nest without end.
    /// </summary>
    private static string QuotedIp(in IpView quoted) => quoted.Protocol switch
    {
        IpProtocol.Icmp => $"ICMP {quoted.Source} > {quoted.Destination}",
        IpProtocol.Icmpv6 => $"ICMPv6 {quoted.Source} > {quoted.Destination}",
        _ => Ip(quoted),
    };

    private static string IcmpName(byte type, byte code) => (type, code) switch
    {
        (0, 0) => "echo reply",
        (8, 0) => "echo request",
        (3, 0) => "network unreachable",
        (3, 1) => "host unreachable",
        (3, 2) => "protocol unreachable",
        (3, 3) => "port unreachable",
        (3, 4) => "fragmentation needed",
        (3, 9 or 10 or 13) => "administratively prohibited",
        (5, _) => "redirect",
        (11, _) => "time exceeded",
        _ => $"type {type} code {code}",
    };

    private static string Icmpv6Name(byte type, byte code) => (type, code) switch
    {
        (128, 0) => "echo request",
        (129, 0) => "echo reply",
        (1, 0) => "no route",
        (1, 1) => "administratively prohibited",
        (1, 3) => "address unreachable",
        (1, 4) => "port unreachable",
        (2, _) => "packet too big",
        (3, _) => "time exceeded",
        (133, _) => "router solicitation",
        (134, _) => "router advertisement",
        (135, _) => "neighbour solicitation",
        (136, _) => "neighbour advertisement",
        (137, _) => "redirect",
        (143, _) => "multicast listener report",
        _ => $"type {type} code {code}",
    };
}
