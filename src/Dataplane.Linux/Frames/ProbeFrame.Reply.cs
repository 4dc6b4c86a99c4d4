namespace Dataplane.Linux.Frames;

/// <summary>The kind of an answer to a probe.</summary>
public enum ProbeReplyKind : byte
{
    /// <summary>TCP SYN-ACK: something listens.</summary>
    SynAck = 1,

    /// <summary>TCP RST: delivered, and nothing listens.</summary>
    Reset,

    /// <summary>SCTP INIT ACK: something listens.</summary>
    InitAck,

    /// <summary>SCTP ABORT: delivered, and nothing listens.</summary>
    Abort,

    /// <summary>ICMP or ICMPv6 echo reply.</summary>
    EchoReply,

    /// <summary>
    /// An ICMP or ICMPv6 error that quotes the probe; type and code say which, the responder may be a router.
    /// </summary>
    IcmpError,
}

/// <summary>An answer to a probe.</summary>
/// <param name="Probe">The probe that is answered, in the probe's own direction: its source is where the answer
/// goes.</param>
/// <param name="Responder">Source address of the answer.</param>
/// <param name="IcmpType">Only for <see cref="ProbeReplyKind.IcmpError"/>; its numbers differ between ICMP and
/// ICMPv6.</param>
/// <param name="IcmpCode">Only for <see cref="ProbeReplyKind.IcmpError"/>.</param>
public readonly record struct ProbeReply(
    ProbeReplyKind Kind, ProbeIdentity Probe, IpAddressValue Responder, byte IcmpType = 0, byte IcmpCode = 0);

public static partial class ProbeFrame
{
    /// <summary>
    /// Reads the answer to a probe in an Ethernet frame, and never the probe itself. An ICMP error must be addressed to
    /// the source of the packet it quotes; it may quote as little as eight bytes of TCP, but all of the id for the
    /// other protocols.
    /// </summary>
    public static bool TryReadReply(ReadOnlySpan<byte> frame, out ProbeReply reply)
    {
        reply = default;
        return TryParseIp(frame, out var packet) && TryReadReply(packet, out reply);
    }

    /// <summary>
    /// As <see cref="TryReadReply(ReadOnlySpan{byte}, out ProbeReply)"/>, for a packet that begins with its IP header.
    /// </summary>
    public static bool TryReadReplyPacket(ReadOnlySpan<byte> packet, out ProbeReply reply)
    {
        reply = default;
        return IpView.TryParse(packet, out var view) && TryReadReply(view, out reply);
    }

    private static bool TryReadReply(in IpView packet, out ProbeReply reply)
    {
        reply = default;
        return !packet.IsFragment && TryReadReplyTransport(
            packet.Protocol, packet.Source, packet.Destination, packet.Transport, out reply);
    }

    /// <summary>
    /// As <see cref="TryReadReplyPacket"/>, where the addresses are known and the IP header is gone (IPv6 raw sockets).
    /// </summary>
    public static bool TryReadReplyTransport(IpProtocol protocol, IpAddressValue source, IpAddressValue destination,
        ReadOnlySpan<byte> transport, out ProbeReply reply)
    {
        reply = default;
        ProbeReplyKind kind;
        uint id = 0;
        ushort sourcePort = 0, destinationPort = 0;
        switch (protocol)
        {
            case IpProtocol.Tcp when TcpView.TryParse(transport, out var tcp):
                // RFC 9293, 3.10.7.1: the reset that answers a SYN acknowledges its sequence number plus one, as the
                // SYN-ACK does.
                switch (tcp.Flags & ~(TcpFlags.Ece | TcpFlags.Cwr))
                {
                    case TcpFlags.Syn | TcpFlags.Ack: kind = ProbeReplyKind.SynAck; break;
                    case TcpFlags.Rst | TcpFlags.Ack: kind = ProbeReplyKind.Reset; break;
                    default: return false;
                }

                (id, sourcePort, destinationPort) = (
                    unchecked(tcp.Acknowledgment - 1), tcp.SourcePort, tcp.DestinationPort);
                break;
            case IpProtocol.Sctp when SctpView.TryParse(transport, out var sctp):
                switch (sctp.ChunkType)
                {
                    case SctpChunkType.InitAck: kind = ProbeReplyKind.InitAck; break;
                    // T bit: the tag is not ours
                    case SctpChunkType.Abort when (sctp.ChunkFlags & 1) == 0: kind = ProbeReplyKind.Abort; break;
                    default: return false;
                }

                (id, sourcePort, destinationPort) = (sctp.VerificationTag, sctp.SourcePort, sctp.DestinationPort);
                break;
            case IpProtocol.Icmp when !source.IsIPv6:
            case IpProtocol.Icmpv6 when source.IsIPv6:
                if (!IcmpView.TryParse(transport, source.IsIPv6, out var icmp))
                {
                    return false;
                }

                if (!icmp.IsEchoReply)
                {
                    return TryReadError(source, destination, icmp, out reply);
                }

                if (!TryReadEcho(icmp, out id))
                {
                    return false;
                }

                kind = ProbeReplyKind.EchoReply;
                break;
            default:
                return false;
        }

        var answer = new ProbeIdentity(
            id, protocol, source, destination, sourcePort, destinationPort);
        reply = new ProbeReply(kind, answer.Reversed, source);
        return id != 0;
    }

    private static bool TryReadError(
        IpAddressValue source, IpAddressValue destination, in IcmpView icmp, out ProbeReply reply)
    {
        reply = default;
        if (!icmp.TryReadQuoted(out var quoted) || quoted.IsFragment || quoted.Source != destination
            || !TryReadRequest(
                quoted.Protocol, quoted.IsIPv6, quoted.Transport, quoted: true, out var id, out var ports))
        {
            return false;
        }

        var probe = new ProbeIdentity(
            id, quoted.Protocol, quoted.Source, quoted.Destination, (ushort)(ports >> 16), (ushort)ports);
        reply = new ProbeReply(ProbeReplyKind.IcmpError, probe, source, icmp.Type, icmp.Code);
        return true;
    }
}
