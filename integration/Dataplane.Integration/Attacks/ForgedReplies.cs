using System.Net.Sockets;

namespace Dataplane.Integration.Attacks;

/// <summary>
/// Segments of connections that do not exist, and of one that does, with the right numbers, from the wrong pod.
/// </summary>
internal static class ForgedReplies
{
    private const byte Fin = 1, Syn = 2, Rst = 4, Push = 8, Ack = 16;
    private static readonly (string Name, byte Flags)[] Kinds =
    [
        ("ACK", Ack), ("RST", Rst), ("RST-ACK", Rst | Ack), ("FIN", Fin), ("FIN-ACK", Fin | Ack),
        ("SYN-ACK", Syn | Ack), ("data", Push | Ack), ("no flags", 0), ("all flags", 63),
    ];

    public static IEnumerable<Attack> All =>
    [
        .. from family in Attack.Families
           from kind in Kinds
           select new Attack($"TCP {kind.Name} without a connection{Attack.In(family)}",
               s => new[] { s.Isolated, s.Live, s.Friend, s.Bystander }
                   .Select(to => s.ToGateway(Craft.Ip(s.Attacker.Address(family), to.Address(family), Craft.Tcp,
                       Craft.TcpTo(s.Attacker.Address(family), to.Address(family), Scene.TcpPort, 40_000, kind.Flags,
                           1000, 2000, s.Tag))))),
        .. from family in Attack.Families
           from kind in Kinds
           select new Attack($"TCP {kind.Name} into a live connection, "
               + $"both ends' addresses and numbers{Attack.In(family)}", s =>
               [.. Segment(s, family, s.Live, s.Friend, s.Segments.FromClient[family], kind.Flags),
                   .. Segment(s, family, s.Friend, s.Live, s.Segments.FromServer[family], kind.Flags)]),
        .. from family in Attack.Families
           select new Attack($"UDP into a live connection{Attack.In(family)}", s =>
           [
               s.ToGateway(Craft.Ip(s.Friend.Address(family), s.Live.Address(family), Craft.Udp, Craft.UdpTo(
                   s.Friend.Address(family), s.Live.Address(family), Scene.UdpPort, Scene.UdpClientPort, s.Tag))),
               s.ToGateway(Craft.Ip(s.Live.Address(family), s.Friend.Address(family), Craft.Udp, Craft.UdpTo(
                   s.Live.Address(family), s.Friend.Address(family), Scene.UdpClientPort, Scene.UdpPort, s.Tag))),
               s.ToGateway(Craft.Ip(s.Attacker.Address(family), s.Live.Address(family), Craft.Udp, Craft.UdpTo(
                   s.Attacker.Address(family), s.Live.Address(family), Scene.UdpPort, Scene.UdpClientPort, s.Tag))),
           ]),
        .. from family in Attack.Families
           select new Attack($"echo replies nobody asked for{Attack.In(family)}",
               s => new[] { s.Isolated, s.Live, s.Bystander }
                   .Select(to => s.ToGateway(Craft.Ip(s.Attacker.Address(family), to.Address(family),
                       family == AddressFamily.InterNetwork ? Craft.Icmp : Craft.Icmpv6,
                       Craft.IcmpTo(s.Attacker.Address(family), to.Address(family),
                           family == AddressFamily.InterNetwork ? (byte)0 : (byte)129, 0, [0, 1, 0, 1], s.Tag))))),
    ];

    /// <summary>From the forged address, and with the right ports and numbers from the attacker's own.</summary>
    private static IEnumerable<byte[]> Segment(Scene s, AddressFamily family, Party from, Party to, Segment next,
        byte flags) =>
        new[] { from, s.Attacker }.SelectMany(source => new[] { s.Node.Mac, to.Mac }
            .Select(mac => s.Frame(mac, Craft.Ip(source.Address(family), to.Address(family), Craft.Tcp,
                Craft.TcpTo(source.Address(family), to.Address(family), next.SourcePort, next.DestinationPort, flags,
                    next.Sequence, next.Acknowledged, s.Tag)))));
}
