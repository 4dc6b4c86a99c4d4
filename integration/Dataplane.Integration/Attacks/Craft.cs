using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Frames;
namespace Dataplane.Integration.Attacks;

/// <summary>
/// Packets byte by byte, right or wrong: what an attacker with a packet socket can send. Checksums are right.
/// </summary>
internal static class Craft
{
    public const byte Icmp = 1, Ipip = 4, Tcp = 6, Udp = 17, Dccp = 33, SixInFour = 41, Gre = 47, Esp = 50, Ah = 51,
        Icmpv6 = 58, Sctp = 132, UdpLite = 136;
    public const ushort MoreFragments = 0x2000;

    public static byte[] Frame(MacAddress to, MacAddress from, ushort type, params byte[][] payload)
    {
        var head = new byte[14];
        to.Write(head);
        from.Write(head.AsSpan(6));
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(12), type);
        byte[] frame = [.. head, .. payload.SelectMany(p => p)];
        return frame.Length < 60 ? [.. frame, .. new byte[60 - frame.Length]] : frame;
    }

    /// <summary>A packet of the addresses' family.</summary>
    public static byte[] Ip(IPAddress from, IPAddress to, byte protocol, byte[] payload) =>
        from.AddressFamily == AddressFamily.InterNetwork
            ? Ip4(from, to, protocol, payload)
            : Ip6(from, to, protocol, payload);

    /// <param name="options">Padded here to a multiple of four.</param>
    /// <param name="fragment">Flags and offset, as the header has them.</param>
    public static byte[] Ip4(IPAddress from, IPAddress to, byte protocol, byte[] payload, byte[]? options = null,
        ushort id = 1, ushort fragment = 0, byte ttl = 64)
    {
        var header = 20 + ((options?.Length ?? 0) + 3 & ~3);
        var packet = new byte[header + payload.Length];
        packet[0] = (byte)(0x40 | header / 4);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), id);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), fragment);
        packet[8] = ttl;
        packet[9] = protocol;
        from.GetAddressBytes().CopyTo(packet, 12);
        to.GetAddressBytes().CopyTo(packet, 16);
        options?.CopyTo(packet, 20);
        BinaryPrimitives.WriteUInt16LittleEndian(packet.AsSpan(10),
            WireChecksum.Finish(WireChecksum.Add(0, packet.AsSpan(0, header))));
        payload.CopyTo(packet, header);
        return packet;
    }

    public static byte[] Ip6(IPAddress from, IPAddress to, byte next, byte[] payload, byte hopLimit = 64)
    {
        var packet = new byte[40 + payload.Length];
        packet[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)payload.Length);
        packet[6] = next;
        packet[7] = hopLimit;
        from.GetAddressBytes().CopyTo(packet, 8);
        to.GetAddressBytes().CopyTo(packet, 24);
        payload.CopyTo(packet, 40);
        return packet;
    }

    /// <summary>A fragment: the bytes of the segment from <paramref name="first"/>, a multiple of 8.</summary>
    public static byte[] Piece(IPAddress from, IPAddress to, byte protocol, byte[] segment, int first, int behind,
        ushort id)
    {
        var more = behind < segment.Length;
        return from.IsFour()
            ? Ip4(from, to, protocol, segment[first..behind], id: id,
                fragment: (ushort)(first / 8 | (more ? MoreFragments : 0)))
            : Ip6(from, to, 44, [protocol, 0, (byte)(first >> 8), (byte)(first | (more ? 1 : 0)), 0, 0,
                (byte)(id >> 8), (byte)id, .. segment[first..behind]]);
    }

    /// <summary>
    /// Everything behind the IP header: UDP, or UDP-Lite and DCCP, which have their ports in the same place.
    /// </summary>
    public static byte[] UdpTo(IPAddress from, IPAddress to, ushort source, ushort destination, byte[] payload,
        byte protocol = Udp)
    {
        var segment = new byte[8 + payload.Length];
        Ports(segment, source, destination);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(4), (ushort)segment.Length);
        payload.CopyTo(segment, 8);
        return Checksummed(segment, 6, from, to, protocol);
    }

    /// <param name="flags">FIN 1, SYN 2, RST 4, PSH 8, ACK 16.</param>
    public static byte[] TcpTo(IPAddress from, IPAddress to, ushort source, ushort destination, byte flags,
        uint sequence, uint acknowledged, byte[] payload)
    {
        var segment = new byte[20 + payload.Length];
        Ports(segment, source, destination);
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(4), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(8), acknowledged);
        (segment[12], segment[13]) = (0x50, flags);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(14), 0xffff);
        payload.CopyTo(segment, 20);
        return Checksummed(segment, 16, from, to, Tcp);
    }

    /// <summary>An ICMP message of the addresses' family.</summary>
    /// <param name="rest">The four bytes behind the checksum: an MTU, a gateway, an identifier.</param>
    public static byte[] IcmpTo(IPAddress from, IPAddress to, byte type, byte code, byte[] rest, byte[] payload)
    {
        byte[] message = [type, code, 0, 0, .. rest, .. payload];
        if (from.AddressFamily == AddressFamily.InterNetworkV6) return Checksummed(message, 2, from, to, Icmpv6);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(2), WireChecksum.Finish(WireChecksum.Add(0, message)));
        return message;
    }

    /// <summary>An INIT chunk (RFC 9260, 3.3.2) with the payload as an unrecognised parameter.</summary>
    public static byte[] SctpInit(ushort source, ushort destination, byte[] payload)
    {
        byte[] packet = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, (byte)(24 + payload.Length), 1, 2, 3, 4, 0, 0,
            0xff, 0xff, 0, 1, 0, 1, 0, 0, 0, 1, 0x80, 0x77, 0, (byte)(4 + payload.Length), .. payload];
        Ports(packet, source, destination);
        BinaryPrimitives.WriteUInt32LittleEndian(packet.AsSpan(8), WireChecksum.Crc32c(packet));
        return packet;
    }

    /// <param name="operation">Request 1, reply 2; reverse 3 and 4.</param>
    public static byte[] Arp(ushort operation, MacAddress fromMac, IPAddress from, MacAddress toMac, IPAddress to)
    {
        var packet = new byte[28];
        ((ReadOnlySpan<byte>)[0, 1, 8, 0, 6, 4, 0, (byte)operation]).CopyTo(packet);
        fromMac.Write(packet.AsSpan(8));
        from.GetAddressBytes().CopyTo(packet, 14);
        toMac.Write(packet.AsSpan(18));
        to.GetAddressBytes().CopyTo(packet, 24);
        return packet;
    }

    public static byte[] Mac(MacAddress mac)
    {
        var bytes = new byte[6];
        mac.Write(bytes);
        return bytes;
    }

    private static void Ports(byte[] segment, ushort source, ushort destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(segment, source);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), destination);
    }

    private static byte[] Checksummed(byte[] segment, int at, IPAddress from, IPAddress to, byte protocol)
    {
        byte[] addresses = [.. from.GetAddressBytes(), .. to.GetAddressBytes()];
        var sum = WireChecksum.Finish(
            WireChecksum.Add(WireChecksum.PseudoHeader(addresses, (IpProtocol)protocol, segment.Length), segment));
        BinaryPrimitives.WriteUInt16LittleEndian(segment.AsSpan(at), sum);
        return segment;
    }
}
