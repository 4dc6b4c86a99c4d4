using System.Buffers.Binary;

namespace Dataplane.Linux.Frames;

public static partial class ProbeFrame
{
    /// <summary>
    /// Reads the probe in an Ethernet frame. True only for a request as <see cref="Write"/> makes it (a SYN and no
    /// other flag, an INIT with verification tag 0, an echo request, a datagram with the magic): never for SYN-ACK,
    /// RST, INIT ACK, ABORT, an echo reply or an ICMP error, which carry the same id back. A fragment or a VLAN-tagged
    /// frame is none of ours. An echo server returns a UDP probe unchanged, so compare the whole identity with the
    /// probe that was sent, never the id alone. Checksums are not verified.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, out ProbeIdentity identity)
    {
        if (TryParseIp(frame, out var packet))
        {
            return TryRead(packet, out identity);
        }

        identity = default;
        return false;
    }

    /// <summary>
    /// As <see cref="TryRead(ReadOnlySpan{byte}, out ProbeIdentity)"/>, for a packet that begins with its IP header
    /// (NFLOG, raw sockets).
    /// </summary>
    public static bool TryReadPacket(ReadOnlySpan<byte> packet, out ProbeIdentity identity)
    {
        if (IpView.TryParse(packet, out var view))
        {
            return TryRead(view, out identity);
        }

        identity = default;
        return false;
    }

    /// <summary>
    /// As <see cref="TryReadPacket"/>, where the addresses are known and the IP header is gone (IPv6 raw sockets).
    /// </summary>
    public static bool TryReadTransport(
        IpProtocol protocol, IpAddressValue source, IpAddressValue destination, ReadOnlySpan<byte> transport,
            out ProbeIdentity identity)
    {
        if (TryReadRequest(protocol, source.IsIPv6, transport, quoted: false, out var id, out var ports))
        {
            identity = new ProbeIdentity(id, protocol, source, destination, (ushort)(ports >> 16), (ushort)ports);
            return true;
        }

        identity = default;
        return false;
    }

    private static bool TryParseIp(ReadOnlySpan<byte> frame, out IpView packet)
    {
        if (EthernetView.TryParse(frame, out var ethernet) && ethernet.TagCount == 0)
        {
            return ethernet.TryReadIp(out packet);
        }

        packet = default;
        return false;
    }

    private static bool TryRead(in IpView packet, out ProbeIdentity identity)
    {
        if (!packet.IsFragment)
        {
            return TryReadTransport(packet.Protocol, packet.Source, packet.Destination, packet.Transport, out identity);
        }

        identity = default;
        return false;
    }

    /// <summary>
    /// The id and the ports (source in the high half) of a request. A quoted one may end after eight bytes of transport
    /// (RFC 792): there a TCP header need not show its flags.
    /// </summary>
    private static bool TryReadRequest(
        IpProtocol protocol, bool isIPv6, ReadOnlySpan<byte> transport, bool quoted, out uint id, out uint ports)
    {
        id = 0;
        ports = 0;
        if (transport.Length < 8)
        {
            return false;
        }

        ports = BinaryPrimitives.ReadUInt32BigEndian(transport);
        switch (protocol)
        {
            case IpProtocol.Tcp:
                id = BinaryPrimitives.ReadUInt32BigEndian(transport[4..]);
                return id != 0 && (TcpView.TryParse(transport, out var tcp) ? tcp.Flags == TcpFlags.Syn
                    : quoted && transport.Length < TcpView.MinLength);
            case IpProtocol.Udp:
                return UdpView.TryParse(transport, out var udp) && TryReadPayload(udp.Payload, out id);
            case IpProtocol.Sctp when SctpView.TryParse(transport, out var sctp):
                id = sctp.InitiateTag;
                return id != 0 && sctp is { ChunkType: SctpChunkType.Init, VerificationTag: 0 };
            case IpProtocol.Icmp when !isIPv6:
            case IpProtocol.Icmpv6 when isIPv6:
                ports = 0;
                return IcmpView.TryParse(transport, isIPv6, out var icmp) && icmp.IsEchoRequest
                    && TryReadEcho(icmp, out id);
            default:
                return false;
        }
    }

    private static bool TryReadEcho(in IcmpView icmp, out uint id) =>
        TryReadPayload(icmp.Body, out id) && id == ((uint)icmp.Sequence << 16 | icmp.Identifier);

    private static bool TryReadPayload(ReadOnlySpan<byte> payload, out uint id)
    {
        id = 0;
        if (payload.Length < PayloadLength || BinaryPrimitives.ReadUInt32BigEndian(payload) != Magic)
        {
            return false;
        }

        id = BinaryPrimitives.ReadUInt32BigEndian(payload[4..]);
        return id != 0;
    }
}
