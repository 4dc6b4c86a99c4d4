using System.Buffers.Binary;

namespace Dataplane.Linux.Frames;

/// <summary>
/// Crafted packets that are recognised where they arrive: a TCP SYN, a UDP datagram, an SCTP INIT or an echo request,
/// with right checksums (connection tracking calls a wrong one invalid), over IPv4 or IPv6. Nothing is allocated, to
/// write or to read.
/// </summary>
public static partial class ProbeFrame
{
    /// <summary>No probe is longer, Ethernet header included: IPv6 with an SCTP INIT.</summary>
    public const int MaxLength = EthernetView.HeaderLength + IPv6Length + SctpLength;

    /// <summary>The bytes a capture must keep to recognise any probe, and any ICMP error that quotes one.</summary>
    public const int SnapLength = MaxLength + IPv6Length + IcmpView.HeaderLength;

    private const int IPv4Length = 20;
    private const int IPv6Length = 40;
    private const int SctpLength = 32;
    private const int PayloadLength = 8;
    private const uint Magic = 0x6470_7262; // "dprb"

    /// <summary>
    /// Writes the Ethernet frame of a probe and returns its length in bytes, at most <see cref="MaxLength"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The identity is no probe: id 0, mixed families, ports on ICMP, ICMP of the
    /// other family.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The buffer is too short.</exception>
    public static int Write(Span<byte> frame, in ProbeSpec spec)
    {
        var length = WritePacket(frame[EthernetView.HeaderLength..], spec);
        spec.DestinationMac.Write(frame);
        spec.SourceMac.Write(frame[MacAddress.Size..]);
        BinaryPrimitives.WriteUInt16BigEndian(
            frame[12..], spec.Identity.Source.IsIPv6 ? EtherTypes.IPv6 : EtherTypes.IPv4);
        return EthernetView.HeaderLength + length;
    }

    /// <summary>Writes the IP packet alone, as a raw IP socket wants it, and returns its length in bytes.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Write"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The buffer is too short.</exception>
    public static int WritePacket(Span<byte> packet, in ProbeSpec spec)
    {
        var id = spec.Identity;
        var v6 = id.Source.IsIPv6;
        if (id.Id == 0 || v6 != id.Destination.IsIPv6)
        {
            throw new ArgumentException("a probe has an id other than 0 and two addresses of one family", nameof(spec));
        }

        var header = v6 ? IPv6Length : IPv4Length;
        var transportLength = id.Protocol switch
        {
            IpProtocol.Tcp => TcpView.MinLength,
            IpProtocol.Udp => UdpView.HeaderLength + PayloadLength,
            IpProtocol.Sctp => SctpLength,
            IpProtocol.Icmp when !v6 && id is { SourcePort: 0, DestinationPort: 0 } =>
                IcmpView.HeaderLength + PayloadLength,
            IpProtocol.Icmpv6 when v6 && id is { SourcePort: 0, DestinationPort: 0 } =>
                IcmpView.HeaderLength + PayloadLength,
            _ => throw new ArgumentException(
                $"no probe of protocol {id.Protocol} with these addresses and ports", nameof(spec)),
        };
        packet = packet[..(header + transportLength)];
        packet.Clear();
        var addresses = v6 ? WriteIPv6(packet, spec) : WriteIPv4(packet, spec);
        WriteTransport(packet[header..], id, addresses);
        return packet.Length;
    }

    /// <summary>Both return the part of the header that holds the two addresses, for the pseudo header.</summary>
    private static ReadOnlySpan<byte> WriteIPv4(Span<byte> packet, in ProbeSpec spec)
    {
        packet[0] = 0x45;
        packet[1] = spec.TrafficClass;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        BinaryPrimitives.WriteUInt16BigEndian(packet[6..], 0x4000); // do not fragment
        packet[8] = spec.HopLimit;
        packet[9] = (byte)spec.Identity.Protocol;
        spec.Identity.Source.Write(packet[12..]);
        spec.Identity.Destination.Write(packet[16..]);
        BinaryPrimitives.WriteUInt16LittleEndian(
            packet[10..], WireChecksum.Finish(WireChecksum.Add(0, packet[..IPv4Length])));
        return packet[12..20];
    }

    private static ReadOnlySpan<byte> WriteIPv6(Span<byte> packet, in ProbeSpec spec)
    {
        BinaryPrimitives.WriteUInt32BigEndian(packet, 6u << 28 | (uint)spec.TrafficClass << 20);
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], (ushort)(packet.Length - IPv6Length));
        packet[6] = (byte)spec.Identity.Protocol;
        packet[7] = spec.HopLimit;
        spec.Identity.Source.Write(packet[8..]);
        spec.Identity.Destination.Write(packet[24..]);
        return packet[8..40];
    }

    private static void WriteTransport(Span<byte> transport, in ProbeIdentity id, ReadOnlySpan<byte> addresses)
    {
        if (id.Protocol is IpProtocol.Icmp or IpProtocol.Icmpv6)
        {
            transport[0] = (byte)(id.Protocol == IpProtocol.Icmp ? 8 : 128);
            BinaryPrimitives.WriteUInt16BigEndian(transport[4..], (ushort)id.Id);
            BinaryPrimitives.WriteUInt16BigEndian(transport[6..], (ushort)(id.Id >> 16));
            WritePayload(transport[IcmpView.HeaderLength..], id.Id);
            var pseudo = id.Protocol == IpProtocol.Icmp ? 0
                : WireChecksum.PseudoHeader(addresses, id.Protocol, transport.Length);
            BinaryPrimitives.WriteUInt16LittleEndian(
                transport[2..], WireChecksum.Finish(WireChecksum.Add(pseudo, transport)));
            return;
        }

        BinaryPrimitives.WriteUInt16BigEndian(transport, id.SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(transport[2..], id.DestinationPort);
        switch (id.Protocol)
        {
            case IpProtocol.Tcp:
                BinaryPrimitives.WriteUInt32BigEndian(transport[4..], id.Id);
                transport[12] = TcpView.MinLength / 4 << 4;
                transport[13] = (byte)TcpFlags.Syn;
                BinaryPrimitives.WriteUInt16BigEndian(transport[14..], 0xffff); // window
                WriteChecksum(transport, 16, id.Protocol, addresses);
                break;
            case IpProtocol.Udp:
                BinaryPrimitives.WriteUInt16BigEndian(transport[4..], (ushort)transport.Length);
                WritePayload(transport[UdpView.HeaderLength..], id.Id);
                WriteChecksum(transport, 6, id.Protocol, addresses);
                break;
            default:
                // INIT (RFC 9260, section 3.3.2); the verification tag in front of it is 0, the checksum little-endian.
                transport[12] = (byte)SctpChunkType.Init;
                BinaryPrimitives.WriteUInt16BigEndian(transport[14..], 20);
                BinaryPrimitives.WriteUInt32BigEndian(transport[16..], id.Id);
                BinaryPrimitives.WriteUInt32BigEndian(transport[20..], 0xffff); // receiver window
                BinaryPrimitives.WriteUInt16BigEndian(transport[24..], 1); // outbound streams
                BinaryPrimitives.WriteUInt16BigEndian(transport[26..], 1); // inbound streams
                BinaryPrimitives.WriteUInt32BigEndian(transport[28..], id.Id); // initial TSN
                BinaryPrimitives.WriteUInt32LittleEndian(transport[8..], WireChecksum.Crc32c(transport));
                break;
        }
    }

    private static void WritePayload(Span<byte> payload, uint id)
    {
        BinaryPrimitives.WriteUInt32BigEndian(payload, Magic);
        BinaryPrimitives.WriteUInt32BigEndian(payload[4..], id);
    }

    private static void WriteChecksum(Span<byte> transport, int at, IpProtocol protocol, ReadOnlySpan<byte> addresses)
    {
        var sum = WireChecksum.Finish(
            WireChecksum.Add(WireChecksum.PseudoHeader(addresses, protocol, transport.Length), transport));

        // UDP writes 0 for "no checksum"; ones' complement has a second zero for it.
        BinaryPrimitives.WriteUInt16LittleEndian(
            transport[at..], sum == 0 && protocol == IpProtocol.Udp ? (ushort)0xffff : sum);
    }
}
