using System.Net.Sockets;
using Dataplane.Linux.Frames;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Integration.Attacks;

/// <summary>Frames that hope to pass the bridge by what is in front of the IP header.</summary>
internal static class LinkLayer
{
    /// <summary>
    /// Link layer discovery, 802.1X, MACsec, PTP, FCoE, RARP, ATA over Ethernet, PPPoE, MPLS, loopback, TIPC, local
    /// experiments, 802.3 lengths.
    /// </summary>
    private static readonly ushort[] OddTypes =
        [0x88cc, 0x888e, 0x88e5, 0x88f7, 0x8906, 0x8035, 0x88a2, 0x8863, 0x8864, 0x8847, 0x8848, 0x9000, 0x88ca, 0x88b5,
            0x0101, 0x0026, 0x05dc, 0x88a8, 0x8100, 0x9100];

    public static IEnumerable<Attack> All =>
    [
        .. from family in Attack.Families
           from tag in new (string Name, byte[] Tags)[]
           {
               ("a VLAN tag", [0x81, 0, 0, 5]), ("a VLAN tag of the bridge's default VLAN", [0x81, 0, 0, 1]),
               ("a service tag", [0x88, 0xa8, 0, 5]),
               ("QinQ", [0x88, 0xa8, 0, 5, 0x81, 0, 0, 6]), ("two VLAN tags", [0x81, 0, 0, 5, 0x81, 0, 0, 6]),
               ("two priority tags", [0x81, 0, 0, 0, 0x81, 0, 0, 0]),
           }
           select new Attack($"{tag.Name}{Attack.In(family)}", s => [.. Tagged(s, family, tag.Tags, all: true)]),
        // Without a VLAN it is a frame like any other (IEEE 802.1Q, 6.8): it may go to pods that the attacker may
        // reach.
        .. from family in Attack.Families
           select new Attack($"a priority tag{Attack.In(family)}",
               s => [.. Tagged(s, family, [0x81, 0, 0xe0, 0], all: false)]),
        .. from type in OddTypes
           select new Attack($"ethertype {type:x4}", s =>
               [.. Destinations(s).Select(to => Craft.Frame(to, s.Attacker.Mac, type, s.Datagram(s.Isolated.IPv4)))]),
        .. from family in Attack.Families
           from type in new ushort[] { EtherTypes.IPv4, EtherTypes.IPv6 }
           where type == EtherTypes.IPv4 != (family == AddressFamily.InterNetwork)
           select new Attack($"{family.Text()} under the other family's ethertype",
               s => [.. Destinations(s).SelectMany(to => new[] { s.Isolated, s.Bystander, s.Live }
                   .Select(p => Craft.Frame(to, s.Attacker.Mac, type, s.Datagram(p.Address(family)))))]),
        // Also to pods that the attacker may reach: only frames to the gateway's address are forwarded.
        .. from family in Attack.Families
           select new Attack($"past the gateway: the victim's MAC address, groups, everybody{Attack.In(family)}",
               s => [.. Destinations(s).Where(to => to != s.Node.Mac)
                   .SelectMany(to => new[] { s.Isolated, s.Live, s.Bystander, s.Node, s.Outside }
                       .Select(p => s.Frame(to, s.Datagram(p.Address(family)))))]),
        .. from family in Attack.Families
           select new Attack($"past the bridge with a victim's address{Attack.In(family)}",
               s => [.. Groups.SelectMany(to => new[] { s.Friend, s.Node }
                   .Select(p => s.Frame(to, Craft.Ip(s.Live.Address(family), p.Address(family), Craft.Udp,
                       Craft.UdpTo(s.Live.Address(family), p.Address(family), Scene.UdpClientPort, Scene.UdpPort,
                           s.Tag)))))]),
        new Attack("spanning tree", s => [Craft.Frame(Groups[0], s.Attacker.Mac, 38,
            [0x42, 0x42, 3, 0, 0, 0, 0, 0, 0, 0, .. Craft.Mac(s.Attacker.Mac)], s.Tag)]),
        new Attack("many source addresses to fill the forwarding table", s => [.. Enumerable.Range(0, 120).Select(i =>
            Craft.Frame(s.Node.Mac, new MacAddress(0x0200_5555_0000 + (ulong)i), EtherTypes.IPv4,
                s.Datagram(s.Bystander.IPv4)))]),
    ];

    /// <summary>01:80:c2:00:00:00 to :0f, which a bridge does not forward (IEEE 802.1D, table 7-10).</summary>
    private static MacAddress[] Groups { get; } =
        [.. Enumerable.Range(0, 16).Select(i => new MacAddress(0x0180_c200_0000 + (ulong)i))];

    private static IEnumerable<MacAddress> Destinations(Scene s) =>
        [s.Node.Mac, s.Isolated.Mac, s.Bystander.Mac, MacAddress.Broadcast, MacAddress.Parse("01:00:5e:00:00:01"),
            MacAddress.Parse("33:33:00:00:00:01"), .. Groups];

    private static IEnumerable<byte[]> Tagged(Scene s, AddressFamily family, byte[] tags, bool all)
    {
        var type = family == AddressFamily.InterNetwork ? EtherTypes.IPv4 : EtherTypes.IPv6;
        foreach (var to in all ? new[] { s.Isolated, s.Live, s.Bystander, s.Outside } : [s.Isolated, s.Live])
        {
            foreach (var mac in new[] { s.Node.Mac, to.Mac, MacAddress.Broadcast })
                yield return Frame(mac, s.Attacker.Address(family), to);
            // To pods that the victim may reach.
            yield return Frame(s.Node.Mac, s.Live.Address(family), s.Friend);
        }

        byte[] Frame(MacAddress mac, System.Net.IPAddress from, Party to)
        {
            var packet = Craft.Ip(from, to.Address(family), Craft.Udp,
                Craft.UdpTo(from, to.Address(family), Scene.UdpClientPort, Scene.UdpPort, s.Tag));
            // The first tag's type is the frame's.
            return Craft.Frame(mac, s.Attacker.Mac, (ushort)(tags[0] << 8 | tags[1]), tags[2..],
                [(byte)(type >> 8), (byte)type], packet);
        }
    }
}
