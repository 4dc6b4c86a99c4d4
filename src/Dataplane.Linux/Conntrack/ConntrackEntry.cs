using System.Net;

namespace Dataplane.Linux.Conntrack;

/// <summary>One direction of a connection, as it looks on the wire.</summary>
/// <param name="Protocol">The IP protocol number: 6 TCP, 17 UDP, 132 SCTP, 1 ICMP, 58 ICMPv6.</param>
/// <param name="SourcePort">0 for protocols without ports.</param>
/// <param name="DestinationPort">0 for protocols without ports.</param>
public readonly record struct ConntrackTuple(
    IPAddress Source, IPAddress Destination, byte Protocol, ushort SourcePort = 0, ushort DestinationPort = 0)
{
    internal const byte Icmp = 1, IcmpV6 = 58;

    /// <summary>For ICMP and ICMPv6: the identifier of an echo.</summary>
    public ushort IcmpId { get; init; }

    public byte IcmpType { get; init; }

    public byte IcmpCode { get; init; }
}

/// <summary>One tracked connection.</summary>
/// <param name="Original">The tuple of the first packet before any translation.</param>
/// <param name="Reply">The tuple of the replies.</param>
/// <param name="Status">IPS_*, linux/netfilter/nf_conntrack_common.h; 2 is IPS_SEEN_REPLY.</param>
/// <param name="Id">CTA_ID: distinguishes the entry from a later one with the same tuple.</param>
public readonly record struct ConntrackEntry(
    ConntrackTuple Original, ConntrackTuple Reply, uint Mark, uint Status, uint Id)
{
    // enum tcp_conntrack and enum sctp_conntrack, linux/netfilter/nf_conntrack_tcp.h and nf_conntrack_sctp.h
    private const byte SynSent = 1, Established = 3, SynSent2 = 9;
    private const byte CookieWait = 2, SctpEstablished = 4, HeartbeatSent = 8;
    private const byte Tcp = 6, Udp = 17, Sctp = 132;

    // IPS_SEEN_REPLY and IPS_ASSURED: of UDP, packets both ways, and still some two seconds after the first
    private const uint SeenReply = 2, Assured = 4;

    /// <summary>A name is asked for by one packet and answered by one.</summary>
    private const ushort Dns = 53;

    /// <summary>CTA_PROTOINFO: the state of a TCP or SCTP connection; null for other protocols.</summary>
    public byte? State { get; init; }

    /// <summary>
    /// The tuple of the first packet with the end that answers as its destination, where the packet was translated to
    /// another (a Service to a backend). Its source is the true one: that of a masqueraded packet is in
    /// <see cref="Original"/>, and the replies go to another.
    /// </summary>
    public ConntrackTuple Ends => Original with
    {
        Destination = Reply.Source,
        DestinationPort = Reply.SourcePort,
    };

    /// <summary>
    /// Whether the ends still speak: the connection is being opened or is open. False once one end closes it, and in
    /// TIME_WAIT. An entry of a protocol without states is alive until it times out; but a DNS query that has its
    /// answer is over.
    /// </summary>
    public bool IsAlive => (Original.Protocol, State) switch
    {
        (Tcp, { } state) => state is >= SynSent and <= Established or SynSent2,
        (Sctp, { } state) => state is >= CookieWait and <= SctpEstablished or HeartbeatSent,
        (Udp, _) => !(Original.DestinationPort == Dns && (Status & (SeenReply | Assured)) == SeenReply),
        _ => true,
    };
}
