using System.Net.Sockets;

namespace Dataplane.Integration.Attacks;

/// <summary>
/// Errors about a connection that the attacker is no part of, quoting it to the last number. Conntrack relates an error
/// to the connection it quotes and does not ask who sends it, since any router on the way may.
/// </summary>
internal static class IcmpErrors
{
    private static readonly (
        string Name, byte Type4, byte Code4, byte Type6, byte Code6, byte[] Rest4, byte[] Rest6)[] Kinds =
    [
        // An MTU of 552 and of 1280 bytes.
        ("packet too big", 3, 4, 2, 0, [0, 0, 2, 40], [0, 0, 5, 0]),
        ("port unreachable", 3, 3, 1, 4, [0, 0, 0, 0], [0, 0, 0, 0]),
        ("host unreachable", 3, 1, 1, 3, [0, 0, 0, 0], [0, 0, 0, 0]),
        ("administratively prohibited", 3, 13, 1, 1, [0, 0, 0, 0], [0, 0, 0, 0]),
        ("time exceeded", 11, 0, 3, 0, [0, 0, 0, 0], [0, 0, 0, 0]),
        ("parameter problem", 12, 0, 4, 0, [20, 0, 0, 0], [0, 0, 0, 6]),
        ("source quench, or an experimental error", 4, 0, 100, 0, [0, 0, 0, 0], [0, 0, 0, 0]),
        ("redirect", 5, 1, 137, 0, [10, 244, 0, 2], [0, 0, 0, 0]),
    ];

    public static IEnumerable<Attack> All => [.. ToEnds, .. ToTheNode];

    /// <summary>The node's own connection with a victim.</summary>
    private static IEnumerable<Attack> ToTheNode =>
        from family in Attack.Families
        from kind in Kinds
        select new Attack($"ICMP error: {kind.Name}, to the node{Attack.In(family)}",
            s => [s.ToGateway(Error(family, s.Attacker, s.Node, kind,
                Craft.Ip(s.Node.Address(family), s.Live.Address(family), Craft.Udp, Craft.UdpTo(s.Node.Address(family),
                    s.Live.Address(family), Scene.NodePort, Scene.NodePort, s.Tag))))]);

    private static IEnumerable<Attack> ToEnds =>
        from family in Attack.Families
        from kind in Kinds
        from source in new (string Name, Func<Scene, Party> Of)[]
        {
            ("its own", s => s.Attacker), ("the node's", s => s.Node), ("the other end's", s => s.Friend),
        }
        select new Attack($"ICMP error: {kind.Name}, from {source.Name} address{Attack.In(family)}", s =>
            new[]
            {
                (Victim: s.Live, Other: s.Friend, Next: s.Segments.FromClient[family],
                    Udp: (Scene.UdpClientPort, Scene.UdpPort)),
                (Victim: s.Friend, Other: s.Live, Next: s.Segments.FromServer[family],
                    Udp: (Scene.UdpPort, Scene.UdpClientPort)),
            }
                .SelectMany(end => Quotes(s, family, end.Victim, end.Other, end.Next, end.Udp)
                    .Select(quote => s.ToGateway(Error(family, source.Of(s), end.Victim, kind, quote)))));

    /// <summary>What the victim sent last, by TCP and by UDP.</summary>
    private static IEnumerable<byte[]> Quotes(Scene s, AddressFamily family, Party victim, Party other, Segment next,
        (ushort Source, ushort Destination) udp)
    {
        var (from, to) = (victim.Address(family), other.Address(family));
        yield return Craft.Ip(from, to, Craft.Tcp, Craft.TcpTo(from, to, next.SourcePort, next.DestinationPort, 24,
            next.Sequence - 4, next.Acknowledged, s.Tag));
        yield return Craft.Ip(from, to, Craft.Udp, Craft.UdpTo(from, to, udp.Source, udp.Destination, s.Tag));
    }

    private static byte[] Error(AddressFamily family, Party source, Party victim,
        (string Name, byte Type4, byte Code4, byte Type6, byte Code6, byte[] Rest4, byte[] Rest6) kind, byte[] quote)
    {
        var (from, to) = (source.Address(family), victim.Address(family));
        return family == AddressFamily.InterNetwork
            ? Craft.Ip4(from, to, Craft.Icmp, Craft.IcmpTo(from, to, kind.Type4, kind.Code4, kind.Rest4, quote))
            : Craft.Ip6(from, to, Craft.Icmpv6, Craft.IcmpTo(from, to, kind.Type6, kind.Code6, kind.Rest6, quote),
                hopLimit: 255);
    }
}
