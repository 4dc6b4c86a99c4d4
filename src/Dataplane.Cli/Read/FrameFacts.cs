using Dataplane.Linux.Frames;
using Dataplane.Node.Observation;

namespace Dataplane.Cli.Read;

/// <summary>The role of a packet in its flow, as far as its header determines it.</summary>
internal enum FlowPart
{
    /// <summary>
    /// The packet belongs to no flow that policies cover: no IP, a later fragment, neighbour discovery.
    /// </summary>
    None,

    /// <summary>The packet opens a flow and is never a reply: SYN without ACK, INIT, an echo request.</summary>
    Opening,

    /// <summary>The packet is always a reply: SYN-ACK, INIT ACK, an echo reply.</summary>
    Reply,

    /// <summary>The first packet opens the flow; later packets in the opposite direction are replies.</summary>
    Either,

    /// <summary>An ICMP error about a packet of another flow, which it quotes.</summary>
    Error,
}

/// <summary>One decoded frame.</summary>
/// <param name="From">The IP address; null without IP or ARP.</param>
/// <param name="FromLink">The Ethernet address of a frame without IP; null if there is neither.</param>
/// <param name="Protocol">TCP, UDP, SCTP, ICMP, ARP; the number of another IP protocol; an ethertype such as
/// 0x88cc.</param>
/// <param name="SourcePort">The source port; 0 if there is none.</param>
/// <param name="Flow">Addresses and ports of the flow in this packet's direction, or of the quoted packet for an error;
/// null if there is no flow.</param>
/// <param name="What">Flags, ICMP type or chunk as text.</param>
internal sealed record FrameFacts(
    IpAddressValue? From, IpAddressValue? To, string? FromLink, string? ToLink, string Protocol, ushort SourcePort,
    ushort Port, FlowPart Part, PacketFacts? Flow, string What)
{
    /// <summary>The layers that PacketDotNet finds, outermost first; empty if it was not used.</summary>
    public IReadOnlyList<string> Layers { get; init; } = [];
}
