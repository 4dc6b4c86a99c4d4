using System.Net;
using Dataplane.Linux.Frames;
namespace Dataplane.Integration.Attacks;

/// <summary>
/// Lies about who is where: ARP, neighbour and router discovery, DHCP, group membership. To the node, to everybody, to
/// one victim, past the bridge.
/// </summary>
internal static class Neighbourhood
{
    private static readonly IPAddress AllNodes = IPAddress.Parse("ff02::1"), LinkLocal = IPAddress.Parse("fe80::1"),
        Everybody = IPAddress.Broadcast;

    public static IEnumerable<Attack> All =>
    [
        new Attack("ARP reply: the victim is here",
            s => Arps(s, mac => Craft.Arp(2, s.Attacker.Mac, s.Live.IPv4, mac, s.Node.IPv4))),
        new Attack("ARP reply: the gateway is here",
            s => Arps(s, mac => Craft.Arp(2, s.Attacker.Mac, s.Node.IPv4, mac, s.Live.IPv4))),
        new Attack("ARP request of the victim's for the gateway",
            s => Arps(s, _ => Craft.Arp(1, s.Attacker.Mac, s.Live.IPv4, default, s.Node.IPv4))),
        new Attack("ARP request of an unknown address for the gateway",
            s => Arps(s, _ => Craft.Arp(1, s.Attacker.Mac, IPAddress.Parse("10.244.9.9"), default, s.Node.IPv4))),
        new Attack("ARP probe for the gateway's address",
            s => Arps(s, _ => Craft.Arp(1, s.Attacker.Mac, IPAddress.Any, default, s.Node.IPv4))),
        new Attack("gratuitous ARP for the gateway",
            s => Arps(s, _ => Craft.Arp(1, s.Attacker.Mac, s.Node.IPv4, default, s.Node.IPv4))),
        new Attack("gratuitous ARP for the victim",
            s => Arps(s, _ => Craft.Arp(2, s.Attacker.Mac, s.Live.IPv4, MacAddress.Broadcast, s.Live.IPv4))),
        new Attack("reverse ARP", s => Macs(s).Select(mac => Craft.Frame(mac, s.Attacker.Mac, 0x8035,
            Craft.Arp(3, s.Attacker.Mac, s.Live.IPv4, s.Attacker.Mac, s.Live.IPv4), s.Tag))),
        // Types of RFC 4861: router solicitation 133, advertisement 134, neighbour solicitation 135, advertisement 136,
        // redirect 137; options 1 and 2 are MAC addresses.
        .. Discovery("router solicitation", 133, s => [1, 1, .. Craft.Mac(s.Attacker.Mac)]),
        .. Discovery("router advertisement", 134,
            s => [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, .. Craft.Mac(s.Attacker.Mac), .. Prefix]),
        .. Discovery("neighbour solicitation", 135,
            s => [.. s.Node.IPv6.GetAddressBytes(), 1, 1, .. Craft.Mac(s.Attacker.Mac)]),
        .. Discovery("neighbour advertisement: the victim is here", 136,
            s => [.. s.Live.IPv6.GetAddressBytes(), 2, 1, .. Craft.Mac(s.Attacker.Mac)]),
        .. Discovery("neighbour advertisement: the gateway is here", 136,
            s => [.. s.Node.IPv6.GetAddressBytes(), 2, 1, .. Craft.Mac(s.Attacker.Mac)]),
        .. Discovery("redirect of the victim's traffic", 137, s => [.. s.Attacker.IPv6.GetAddressBytes(),
            .. s.Friend.IPv6.GetAddressBytes(), 2, 1, .. Craft.Mac(s.Attacker.Mac)]),
        new Attack("DHCP offer", s => Sources(s.Node.IPv4, s.Attacker.IPv4)
            .SelectMany(source => Macs(s).SelectMany(mac => new[] { Everybody, s.Live.IPv4, s.Isolated.IPv4 }
                .Select(to => s.Frame(mac,
                    Craft.Ip4(source, to, Craft.Udp, Craft.UdpTo(source, to, 67, 68, [2, 1, 6, 0, .. s.Tag]))))))
                    .Where(f => !IsPlainBroadcast(s, f))),
        new Attack("DHCPv6 advertisement", s => Sources(LinkLocal, s.Node.IPv6, s.Attacker.IPv6)
            .SelectMany(source => Macs(s).SelectMany(mac => new[] { s.Live.IPv6, s.Isolated.IPv6 }
                .Select(to => s.Frame(mac,
                    Craft.Ip6(source, to, Craft.Udp, Craft.UdpTo(source, to, 547, 546, [2, .. s.Tag]))))))),
        new Attack("joining groups (IGMP, MLD)", s => Macs(s).SelectMany(mac => new[]
        {
            s.Frame(mac, Craft.Ip4(s.Attacker.IPv4, IPAddress.Parse("239.1.1.1"), 2,
                [0x16, 0, 0x09, 0xfd, 239, 1, 1, 1, .. s.Tag], options: [0x94, 4, 0, 0], ttl: 1)),
            s.Frame(mac, Craft.Ip6(s.Attacker.IPv6, IPAddress.Parse("ff05::5"), Craft.Icmpv6,
                Craft.IcmpTo(s.Attacker.IPv6, IPAddress.Parse("ff05::5"), 131, 0, [0, 0, 0, 0],
                    [.. IPAddress.Parse("ff05::5").GetAddressBytes(), .. s.Tag]), 1)),
        })),
    ];

    /// <summary>fd99::/64, on-link and for addresses, valid for ever (RFC 4861, 4.6.2).</summary>
    private static byte[] Prefix => [3, 4, 64, 0xc0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0,
        .. IPAddress.Parse("fd99::").GetAddressBytes()];

    private static IEnumerable<MacAddress> Macs(Scene s) => [s.Node.Mac, s.Live.Mac, MacAddress.Broadcast,
        MacAddress.Parse("33:33:00:00:00:01"), MacAddress.Parse("01:80:c2:00:00:0e")];

    private static IEnumerable<byte[]> Arps(Scene s, Func<MacAddress, byte[]> packet) =>
        Macs(s).Select(mac => Craft.Frame(mac, s.Attacker.Mac, EtherTypes.Arp, packet(mac), s.Tag));

    private static IEnumerable<Attack> Discovery(string name, byte type, Func<Scene, byte[]> body) =>
        new (string Name, Func<Scene, IPAddress> Of)[]
        {
            ("its own address", s => s.Attacker.IPv6),
            ("the gateway's address", s => s.Node.IPv6),
            ("a link-local address", _ => LinkLocal),
            ("no address", _ => IPAddress.IPv6Any),
        }
            .Select(source => new Attack($"{name}, from {source.Name}", s =>
                from mac in Macs(s)
                from to in new[] { AllNodes, s.Node.IPv6, s.Live.IPv6, s.Isolated.IPv6 }
                select s.Frame(mac, Craft.Ip6(source.Of(s), to, Craft.Icmpv6,
                    Craft.IcmpTo(source.Of(s), to, type, 0, [0x40, 0, 7, 8], [.. body(s), .. s.Tag]), hopLimit: 255))));

    private static IPAddress[] Sources(params IPAddress[] addresses) => addresses;

    /// <summary>
    /// Its own broadcast by way of the gateway's MAC address: an attack of its own, see <see cref="IpHeaders"/>.
    /// </summary>
    private static bool IsPlainBroadcast(Scene s, byte[] frame) =>
        MacAddress.Read(frame) == s.Node.Mac
            && frame.AsSpan(26, 4).SequenceEqual(s.Attacker.IPv4.GetAddressBytes())
            && frame.AsSpan(30, 4).SequenceEqual(Everybody.GetAddressBytes());
}
