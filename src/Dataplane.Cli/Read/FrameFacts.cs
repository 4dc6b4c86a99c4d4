using Dataplane.Linux.Frames;
using Dataplane.Node.Observation;

namespace Dataplane.Cli.Read;

/// <summary>What a packet is to its flow, as far as it says so itself.</summary>
internal enum FlowPart
{
    /// <summary>
    /// It belongs to no flow that a policy could be asked about: no IP, a later fragment, neighbour discovery.
    /// </summary>
    None,

    /// <summary>It opens one and is never a reply: SYN without ACK, INIT, an echo request.</summary>
    Opening,

    /// <summary>It is always a reply: SYN-ACK, INIT ACK, an echo reply.</summary>
    Reply,

    /// <summary>The first of its kind opens one; the other direction, seen later, are replies.</summary>
    Either,

    /// <summary>An ICMP error about a packet of another flow, which it quotes.</summary>
    Error,
}

/// <summary>One frame, taken apart.</summary>
/// <param name="From">Its IP address; null where there is no IP (or ARP).</param>
/// <param name="FromLink">The Ethernet address, where there is no IP; null where there is neither.</param>
/// <param name="Protocol">TCP, UDP, SCTP, ICMP, ARP; the number of another IP protocol; an ethertype such as
/// 0x88cc.</param>
/// <param name="SourcePort">0 where there is none.</param>
/// <param name="Flow">The addresses and ports of its flow, in this packet's direction; of the quoted one for an error;
/// null: none.</param>
/// <param name="What">Flags, ICMP type, chunk: for people.</param>
internal sealed record FrameFacts(
    IpAddressValue? From, IpAddressValue? To, string? FromLink, string? ToLink, string Protocol, ushort SourcePort,
    ushort Port, FlowPart Part, PacketFacts? Flow, string What)
{
    /// <summary>The layers that PacketDotNet sees, outermost first; empty where it was not asked.</summary>
    public IReadOnlyList<string> Layers { get; init; } = [];
}
