using System.Buffers.Binary;
using System.Globalization;
using Dataplane.Linux.Conntrack;
using Dataplane.Linux.Frames;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Node.Observation;

/// <summary>Addresses, protocol and ports of a packet, from its headers.</summary>
/// <param name="SourcePort">0 if the protocol has no ports, or if the packet is a fragment without them.</param>
public readonly record struct PacketFacts(IpAddressValue Source, IpAddressValue Destination, byte Protocol,
    ushort SourcePort, ushort Port)
{
    /// <summary>
    /// Reads a packet that begins with its IP header; null if the header is incomplete or does not match the EtherType.
    /// </summary>
    public static PacketFacts? Of(ReadOnlySpan<byte> packet, ushort etherType) =>
        IpView.TryParse(packet, etherType, out var ip) ? Of(ip) : null;

    public static PacketFacts Of(in IpView ip)
    {
        var transport = ip.Transport;
        var hasPorts = ip.Protocol is IpProtocol.Tcp or IpProtocol.Udp or IpProtocol.Sctp && transport.Length >= 4;
        return new PacketFacts(ip.Source, ip.Destination, (byte)ip.Protocol,
            hasPorts ? BinaryPrimitives.ReadUInt16BigEndian(transport) : (ushort)0,
            hasPorts ? BinaryPrimitives.ReadUInt16BigEndian(transport[2..]) : (ushort)0);
    }

    public static PacketFacts Of(in ConntrackTuple tuple) =>
        new(IpAddressValue.From(tuple.Source), IpAddressValue.From(tuple.Destination), tuple.Protocol,
            tuple.SourcePort, tuple.DestinationPort);

    public bool IsIcmp => Protocol is (byte)IpProtocol.Icmp or (byte)IpProtocol.Icmpv6;

    /// <summary>The protocol as policies name it; null for other protocols.</summary>
    public FlowProtocol? FlowProtocol => Protocol switch
    {
        (byte)IpProtocol.Icmp or (byte)IpProtocol.Icmpv6 => Dataplane.Policy.Model.FlowProtocol.Icmp,
        (byte)IpProtocol.Tcp or (byte)IpProtocol.Udp or (byte)IpProtocol.Sctp => (FlowProtocol)Protocol,
        _ => null,
    };

    public string ProtocolText => FlowProtocol?.Text() ?? Protocol.ToString(CultureInfo.InvariantCulture);

    public PacketFacts Reversed => new(Destination, Source, Protocol, Port, SourcePort);
}
