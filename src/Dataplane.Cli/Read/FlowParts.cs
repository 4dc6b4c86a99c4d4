using Dataplane.Linux.Frames;
using Dataplane.Node.Observation;
using Dataplane.Policy.Model;

namespace Dataplane.Cli.Read;

/// <summary>Finds the flow of a packet and the packet's role in it.</summary>
internal static class FlowParts
{
    /// <param name="facts">The decoded fields of the same packet.</param>
    /// <returns>The flow in the packet's direction (for an error, of the quoted packet); null if there is
    /// none.</returns>
    public static (FlowPart Part, PacketFacts? Flow) Of(in IpView ip, PacketFacts facts)
    {
        // The ports are in the first fragment.
        if (ip.FragmentOffset != 0) return default;
        switch (ip.Protocol)
        {
            case IpProtocol.Tcp when TcpView.TryParse(ip.Transport, out var tcp):
                return ((tcp.Flags & (TcpFlags.Syn | TcpFlags.Ack)) switch
                {
                    TcpFlags.Syn => FlowPart.Opening,
                    TcpFlags.Syn | TcpFlags.Ack => FlowPart.Reply,
                    _ => FlowPart.Either,
                }, facts);
            case IpProtocol.Udp when UdpView.TryParse(ip.Transport, out _):
                return (FlowPart.Either, facts);
            case IpProtocol.Sctp when SctpView.TryParse(ip.Transport, out var sctp):
                return (sctp.ChunkType switch
                {
                    SctpChunkType.Init => FlowPart.Opening,
                    SctpChunkType.InitAck => FlowPart.Reply,
                    _ => FlowPart.Either,
                }, facts);
            case IpProtocol.Icmp when !ip.IsIPv6 && IcmpView.TryParse(ip.Transport, false, out var icmp):
                return Icmp(icmp, facts);
            case IpProtocol.Icmpv6 when ip.IsIPv6 && IcmpView.TryParse(ip.Transport, true, out var icmp):
                return Icmp(icmp, facts);
            default:
                return default;
        }
    }

    private static (FlowPart, PacketFacts?) Icmp(in IcmpView icmp, PacketFacts facts)
    {
        // The identifier takes the place of the source port, in both directions.
        if (icmp.IsEchoRequest) return (FlowPart.Opening, facts with { SourcePort = icmp.Identifier });
        if (icmp.IsEchoReply) return (FlowPart.Reply, facts with { Port = icmp.Identifier });
        return icmp.TryReadQuoted(out var quoted) ? (FlowPart.Error, Quoted(quoted)) : default;
    }

    /// <summary>
    /// An error may quote no more than eight bytes of transport (RFC 792): the ports, or the identifier.
    /// </summary>
    private static PacketFacts? Quoted(in IpView quoted)
    {
        if (quoted.FragmentOffset != 0) return null;
        var facts = PacketFacts.Of(quoted);
        if (facts.FlowProtocol != FlowProtocol.Icmp) return facts;
        if (!IcmpView.TryParse(quoted.Transport, quoted.IsIPv6, out var icmp)) return null;
        if (icmp.IsEchoRequest) return facts with { SourcePort = icmp.Identifier };
        return icmp.IsEchoReply ? facts with { Port = icmp.Identifier } : null;
    }
}
