using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Frames;
using Dataplane.Node.Layout;

namespace Dataplane.Integration.Attacks;

/// <summary>A kind of packet that a pod sends without end: each aims at something that the kernel has once.</summary>
/// <param name="Frame">The frame with this number, from the attacker; the last argument is another pod.</param>
internal sealed record Flood(string Name, Func<uint, Party, Party, AddressFamily, byte[]> Frame)
{
    public static readonly IReadOnlyDictionary<string, Flood> All = new Flood[]
    {
        new("connections to an open pod", (n, a, b, f) => Packet(a, b.Address(f), Craft.Udp, Udp(n, a, b.Address(f)))),
        new("half-open connections", (n, a, b, f) => Packet(a, b.Address(f), Craft.Tcp,
            Craft.TcpTo(a.Address(f), b.Address(f), Port(n), High(n), 2, n, 0, []))),
        new("addresses that no pod has", (n, a, _, f) => Packet(a, Nobody(n, f), Craft.Udp, Udp(n, a, Nobody(n, f)))),
        new("packets that the node answers with errors", (n, a, b, f) =>
            Packet(a, b.Address(f), Craft.Udp, Udp(n, a, b.Address(f)), hops: 1)),
        new("echo requests to the node", (n, a, _, f) =>
            Packet(a, Gateway(f), IcmpOf(f), Craft.IcmpTo(a.Address(f), Gateway(f), Is4(f) ? (byte)8 : (byte)128, 0,
                BitConverter.GetBytes(n), []))),
        new("errors that tell the node of small packets", (n, a, b, f) => Packet(a, Gateway(f), IcmpOf(f),
            Craft.IcmpTo(a.Address(f), Gateway(f), Is4(f) ? (byte)3 : (byte)2, Is4(f) ? (byte)4 : (byte)0,
                [0, 0, 5, 120], Craft.Ip(Gateway(f), n % 2 == 0 ? a.Address(f) : Nobody(n, f), IcmpOf(f),
                    Craft.IcmpTo(Gateway(f), a.Address(f), Is4(f) ? (byte)0 : (byte)129, 0,
                        BitConverter.GetBytes(n), []))))),
        new("memberships in groups", (n, a, _, f) => Raw(a,
            MacAddress.Parse(Is4(f) ? "01:00:5e:01:01:01" : "33:33:00:01:00:01"),
            Is4(f)
                ? Craft.Ip4(a.IPv4, Group4(n), 2, [0x16, 0, 0, 0, .. Group4(n).GetAddressBytes()], [0x94, 4, 0, 0],
                    ttl: 1)
                : Craft.Ip6(a.IPv6, Group6(n), Craft.Icmpv6,
                    Craft.IcmpTo(a.IPv6, Group6(n), 131, 0, new byte[4], Group6(n).GetAddressBytes()), 1))),
        new("questions of neighbours", (n, a, _, f) => Is4(f)
            ? Craft.Frame(MacAddress.Broadcast, a.Mac, EtherTypes.Arp,
                Craft.Arp(1, Strange(n), Nobody(n, f), default, Gateway(f)))
            : Raw(a, NodeLayout.GatewayMac, Craft.Ip6(Nobody(n, f), Gateway(f), Craft.Icmpv6,
                Craft.IcmpTo(Nobody(n, f), Gateway(f), 135, 0, new byte[4],
                    [.. Gateway(f).GetAddressBytes(), 1, 1, .. Craft.Mac(Strange(n))]), 255))),
        new("forged senders", (n, a, b, f) => Craft.Frame(NodeLayout.GatewayMac, Strange(n),
            Is4(f) ? EtherTypes.IPv4 : EtherTypes.IPv6,
            Craft.Ip(Nobody(n, f), b.Address(f), Craft.Udp, Craft.UdpTo(Nobody(n, f), b.Address(f), 1, 2, [])))),
        new("long chains of headers", (n, a, b, f) => Is4(f)
            ? Raw(a, NodeLayout.GatewayMac, Craft.Ip4(a.IPv4, b.IPv4, Craft.Udp, Udp(n, a, b.IPv4), new byte[40]))
            : Raw(a, NodeLayout.GatewayMac, Craft.Ip6(a.IPv6, b.IPv6, 60,
                [.. Enumerable.Range(0, 160)
                    .SelectMany(i => new byte[] { i < 159 ? (byte)60 : Craft.Udp, 0, 1, 4, 0, 0, 0, 0 }),
                    .. Udp(n, a, b.IPv6)]))),
    }.ToDictionary(f => f.Name);

    public static IPAddress Gateway(AddressFamily family) =>
        IPAddress.Parse(Is4(family) ? "10.244.0.1" : "fd00:10:244::1");

    private static bool Is4(AddressFamily family) => family == AddressFamily.InterNetwork;

    private static byte IcmpOf(AddressFamily family) => Is4(family) ? Craft.Icmp : Craft.Icmpv6;

    private static ushort Port(uint n) => (ushort)(1024 + n % 60_000);

    private static ushort High(uint n) => (ushort)(1000 + n / 60_000);

    private static byte[] Udp(uint n, Party from, IPAddress to) =>
        Craft.UdpTo(from.Address(to.AddressFamily), to, Port(n), High(n), []);

    /// <summary>In the pod network, where no pod is.</summary>
    private static IPAddress Nobody(uint n, AddressFamily family)
    {
        var address = IPAddress.Parse(Is4(family) ? "10.244.128.0" : "fd00:10:244::7777:0:0").GetAddressBytes();
        var tail = address.AsSpan(address.Length - 4);
        BinaryPrimitives.WriteUInt32BigEndian(tail,
            BinaryPrimitives.ReadUInt32BigEndian(tail) + (Is4(family) ? n % 30_000 : n));
        return new IPAddress(address);
    }

    private static IPAddress Group4(uint n) => new([239, 1, (byte)(n >> 8), (byte)n]);

    private static IPAddress Group6(uint n) => IPAddress.Parse($"ff05::{n & 0xffff:x}");

    private static MacAddress Strange(uint n) => new(0x0200_7700_0000ul + n);

    private static byte[] Packet(Party from, IPAddress to, byte protocol, byte[] payload, byte hops = 64) =>
        Raw(from, NodeLayout.GatewayMac, to.IsFour()
            ? Craft.Ip4(from.IPv4, to, protocol, payload, ttl: hops)
            : Craft.Ip6(from.IPv6, to, protocol, payload, hops));

    private static byte[] Raw(Party from, MacAddress to, byte[] packet) =>
        Craft.Frame(to, from.Mac, packet[0] >> 4 == 4 ? EtherTypes.IPv4 : EtherTypes.IPv6, packet);
}
