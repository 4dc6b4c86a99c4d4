using System.Net.Sockets;
using Dataplane.Linux.Frames;
namespace Dataplane.Integration.Attacks;

/// <summary>
/// A packet for a closed pod inside a packet for one that is open: the receiver of the outer one must not forward the
/// inner.
/// </summary>
internal static class Tunnels
{
    public static IEnumerable<Attack> All =>
        from outer in Attack.Families
        from inner in Attack.Families
        from tunnel in new (string Name, Func<Scene, Party, byte[], byte[]> Wrap)[]
        {
            ("VXLAN", (s, to, packet) => Udp(s, outer, to, 4789, [8, 0, 0, 0, 0, 0, 1, 0, .. Frame(s, packet)])),
            ("GENEVE", (s, to, packet) => Udp(s, outer, to, 6081, [0, 0, 0x65, 0x58, 0, 0, 1, 0, .. Frame(s, packet)])),
            ("GUE and FOU", (s, to, packet) => Udp(s, outer, to, 5555, packet)),
            ("IP in IP", (s, to, packet) => Craft.Ip(s.Attacker.Address(outer), to.Address(outer),
                packet[0] >> 4 == 4 ? Craft.Ipip : Craft.SixInFour, packet)),
            ("GRE", (s, to, packet) => Craft.Ip(s.Attacker.Address(outer), to.Address(outer), Craft.Gre, [0, 0,
                packet[0] >> 4 == 4 ? (byte)8 : (byte)0x86, packet[0] >> 4 == 4 ? (byte)0 : (byte)0xdd, .. packet])),
        }
        select new Attack($"{tunnel.Name}: {inner.Name()} in {outer.Name()}", s =>
            from to in new[] { s.Node, s.Bystander, s.Isolated }
            from packet in new[] { s.Datagram(s.Isolated.Address(inner)), Inner(s, inner) }
            select s.ToGateway(tunnel.Wrap(s, to, packet)), "node", "x/bystander");

    private static string Name(this AddressFamily family) => family == AddressFamily.InterNetwork ? "IPv4" : "IPv6";

    /// <summary>As one end of the live connection to the other.</summary>
    private static byte[] Inner(Scene s, AddressFamily family) =>
        Craft.Ip(s.Live.Address(family), s.Friend.Address(family), Craft.Udp,
            Craft.UdpTo(s.Live.Address(family), s.Friend.Address(family), Scene.UdpClientPort, Scene.UdpPort, s.Tag));

    private static byte[] Frame(Scene s, byte[] packet) =>
        Craft.Frame(s.Isolated.Mac, s.Attacker.Mac, packet[0] >> 4 == 4 ? EtherTypes.IPv4 : EtherTypes.IPv6, packet);

    private static byte[] Udp(Scene s, AddressFamily family, Party to, ushort port, byte[] payload) =>
        Craft.Ip(s.Attacker.Address(family), to.Address(family), Craft.Udp,
            Craft.UdpTo(s.Attacker.Address(family), to.Address(family), 1, port, payload));
}
