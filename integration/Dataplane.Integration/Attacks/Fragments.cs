using System.Net;

namespace Dataplane.Integration.Attacks;

/// <summary>Datagrams in pieces, towards ports that are denied.</summary>
internal static class Fragments
{
    public static IEnumerable<Attack> All =>
    [
        .. from family in Attack.Families
           from cut in new (string Name, (int From, int To)[] Pieces)[]
           {
               ("in two", [(0, 24), (24, 48)]), ("out of order", [(24, 48), (0, 24)]),
               ("tiny pieces", [(0, 8), (8, 16), (16, 24), (24, 48)]),
               ("ports in the second piece", [(8, 48), (0, 8)]), ("overlapping", [(0, 24), (8, 32), (24, 48)]),
               ("the same offset twice", [(0, 24), (0, 24), (24, 48)]),
               ("the last piece never comes", [(0, 24)]), ("only a later piece", [(24, 48)]),
           }
           select new Attack($"fragments: {cut.Name}{Attack.In(family)}", s => new[] { s.Isolated, s.Live }
               .SelectMany(to => Pieces(s, s.Attacker.Address(family), to.Address(family), cut.Pieces))),
        // The first piece names a port of a pod that takes it, a later one writes another datagram over it.
        .. from family in Attack.Families
           select new Attack($"fragments: a second first piece for another victim{Attack.In(family)}", s =>
               [.. Pieces(s, s.Attacker.Address(family), s.Isolated.Address(family), [(0, 24)]),
                   .. Pieces(s, s.Live.Address(family), s.Friend.Address(family), [(0, 24), (24, 48)])]),
        // A datagram of the victim's that is on its way could be completed with them.
        .. from family in Attack.Families
           select new Attack($"fragments: the end of a victim's datagram{Attack.In(family)}",
               s => Pieces(s, s.Live.Address(family), s.Friend.Address(family), [(24, 48)])),
    ];

    private static IEnumerable<byte[]> Pieces(Scene s, IPAddress from, IPAddress to, (int From, int To)[] pieces)
    {
        var datagram = Craft.UdpTo(from, to, Scene.UdpClientPort, Scene.UdpPort,
            [.. s.Tag, .. s.Tag, .. s.Tag, .. s.Tag, .. s.Tag]);
        foreach (var (first, behind) in pieces)
            yield return s.ToGateway(Craft.Piece(from, to, Craft.Udp, datagram, first, behind, id: 77));
    }
}
