using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Frames;
namespace Dataplane.Integration.Attacks;

/// <summary>Packets with another endpoint's source address, to endpoints that would accept packets from it.</summary>
internal static class ForgedSources
{
    private static readonly (string Name, Func<Scene, AddressFamily, IPAddress> Of)[] Claims =
    [
        ("a victim", (s, f) => s.Live.Address(f)),
        ("an isolated pod", (s, f) => s.Isolated.Address(f)),
        ("the node", (s, f) => s.Node.Address(f)),
        ("an external", (s, f) => s.Outside.Address(f)),
        ("nobody", (_, f) => Either(f, "10.244.0.77", "fd00:10:244::77")),
        ("loopback", (_, f) => Either(f, "127.0.0.1", "::1")),
        ("unspecified", (_, f) => Either(f, "0.0.0.0", "::")),
        ("a group", (_, f) => Either(f, "224.0.0.1", "ff02::1")),
        ("broadcast", (_, f) => Either(f, "255.255.255.255", "ff02::2")),
        ("link-local", (_, f) => Either(f, "169.254.0.1", "fe80::1")),
    ];

    private static readonly (string Name, Func<Scene, MacAddress> Of)[] Macs =
    [
        ("a victim's", s => s.Live.Mac), ("the gateway's", s => s.Node.Mac),
        ("nobody's", _ => MacAddress.Parse("02:00:00:00:99:99")),
        ("a second one beside its own", s => new MacAddress(s.Attacker.Mac.Bits ^ 1)),
        ("broadcast", _ => MacAddress.Broadcast), ("zero", _ => default),
    ];

    public static IEnumerable<Attack> All =>
    [
        .. from family in Attack.Families
           from claim in Claims
           select new Attack($"source address of {claim.Name}{Attack.In(family)}",
               s => new[] { s.Friend, s.Bystander, s.Live, s.Node, s.Outside }
               .SelectMany(to => Datagrams(s, s.Attacker.Mac, claim.Of(s, family), to.Address(family)))),
        .. from family in Attack.Families
           from mac in Macs
           select new Attack($"MAC address: {mac.Name}{Attack.In(family)}", s => new[] { s.Attacker, s.Live }
               .SelectMany(source => new[] { s.Bystander, s.Friend, s.Node }
                   .SelectMany(to => Datagrams(s, mac.Of(s), source.Address(family), to.Address(family))))),
        .. from family in Attack.Families
           select new Attack($"MAC address and IP address of a victim{Attack.In(family)}",
               s => Datagrams(s, s.Live.Mac, s.Live.Address(family), s.Friend.Address(family))),
    ];

    private static IPAddress Either(AddressFamily family, string four, string six) =>
        IPAddress.Parse(family == AddressFamily.InterNetwork ? four : six);

    /// <summary>UDP to the port of the live connection, UDP and TCP to a service, an echo request.</summary>
    private static IEnumerable<byte[]> Datagrams(Scene s, MacAddress mac, IPAddress from, IPAddress to)
    {
        foreach (var port in new[] { Scene.UdpPort, (ushort)53 })
            yield return Packet(Craft.Udp, Craft.UdpTo(from, to, Scene.UdpClientPort, port, s.Tag));
        yield return Packet(Craft.Tcp, Craft.TcpTo(from, to, 1111, Scene.TcpPort, 2, 1, 0, s.Tag));
        yield return Packet(from.IsFour() ? Craft.Icmp : Craft.Icmpv6,
            Craft.IcmpTo(from, to, from.IsFour() ? (byte)8 : (byte)128, 0, [0, 1, 0, 1], s.Tag));

        byte[] Packet(byte protocol, byte[] payload) =>
            Craft.Frame(s.Node.Mac, mac, from.IsFour() ? EtherTypes.IPv4 : EtherTypes.IPv6,
                Craft.Ip(from, to, protocol, payload));
    }
}
