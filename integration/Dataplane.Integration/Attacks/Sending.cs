using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Frames;
namespace Dataplane.Integration.Attacks;

/// <summary>Frames as the attacker's own kernel would send them: its own MAC address, to the gateway.</summary>
internal static class Sending
{
    public static byte[] ToGateway(this Scene s, byte[] packet) => s.Frame(s.Node.Mac, packet);

    public static byte[] Frame(this Scene s, MacAddress to, byte[] packet) =>
        Craft.Frame(to, s.Attacker.Mac, packet[0] >> 4 == 4 ? EtherTypes.IPv4 : EtherTypes.IPv6, packet);

    /// <summary>A datagram with the attacker's own address.</summary>
    public static byte[] Datagram(this Scene s, IPAddress to, ushort port = 53) =>
        Craft.Ip(s.Self(to), to, Craft.Udp, Craft.UdpTo(s.Self(to), to, 2222, port, s.Tag));

    /// <summary>The attacker's own address of the other's family.</summary>
    public static IPAddress Self(this Scene s, IPAddress other) => s.Attacker.Address(other.AddressFamily);

    public static bool IsFour(this IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork;
}
