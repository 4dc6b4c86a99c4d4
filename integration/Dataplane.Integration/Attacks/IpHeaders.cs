using System.Net;

namespace Dataplane.Integration.Attacks;

/// <summary>
/// Options, extension headers, odd protocols and odd destinations, all with the attacker's own address.
/// </summary>
internal static class IpHeaders
{
    private const byte HopByHop = 0, Routing = 43, Fragment = 44, None = 59, Options = 60;

    public static IEnumerable<Attack> All =>
    [
        .. Option4("loose source route", s => [131, 7, 4, .. s.Isolated.IPv4.GetAddressBytes()]),
        .. Option4("strict source route", s => [137, 7, 4, .. s.Isolated.IPv4.GetAddressBytes()]),
        .. Option4("record route", _ => [7, 7, 4, 0, 0, 0, 0]),
        .. Option4("timestamp", _ => [68, 8, 5, 0, 0, 0, 0, 0]),
        .. Option4("router alert", _ => [148, 4, 0, 0]),
        .. Option4("security label", _ => [130, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        .. Option4("no operation and end", _ => [1, 1, 1, 0]),
        .. Option4("an option longer than the header", _ => [7, 200, 4, 0]),
        new Attack("source route by way of the node", s => new byte[] { 131, 137 }.Select(kind => s.ToGateway(
            Craft.Ip4(s.Attacker.IPv4, s.Node.IPv4, Craft.Udp,
                Craft.UdpTo(s.Attacker.IPv4, s.Isolated.IPv4, 1, 53, s.Tag),
                [kind, 7, 4, .. s.Isolated.IPv4.GetAddressBytes()])))),
        new Attack("source route by way of a pod that would take it",
            s => new byte[] { 131, 137 }.Select(kind => s.ToGateway(
                Craft.Ip4(s.Attacker.IPv4, s.Bystander.IPv4, Craft.Udp,
                    Craft.UdpTo(s.Attacker.IPv4, s.Isolated.IPv4, 1, 53, s.Tag),
                    [kind, 7, 4, .. s.Isolated.IPv4.GetAddressBytes()])))),
        .. Header6("hop-by-hop options", HopByHop, _ => [1, 4, 0, 0, 0, 0]),
        .. Header6("hop-by-hop with router alert", HopByHop, _ => [5, 2, 0, 0, 1, 0]),
        .. Header6("destination options", Options, _ => [1, 4, 0, 0, 0, 0]),
        .. Header6("routing header type 0", Routing, s => [0, 1, 0, 0, 0, 0, .. s.Isolated.IPv6.GetAddressBytes()]),
        .. Header6("routing header type 2", Routing, s => [2, 1, 0, 0, 0, 0, .. s.Isolated.IPv6.GetAddressBytes()]),
        .. Header6("routing header type 3", Routing, s => [3, 1, 0, 0, 0, 0, .. s.Isolated.IPv6.GetAddressBytes()]),
        .. Header6("routing header type 4", Routing, s => [4, 1, 0, 0, 0, 0, .. s.Isolated.IPv6.GetAddressBytes()]),
        .. Header6("authentication header", Craft.Ah, _ => [0, 0, 0, 0, 0, 9, 0, 0, 0, 1, 1, 1, 1, 1]),
        .. Header6("atomic fragment", Fragment, _ => [0, 0, 0, 0, 0, 7]),
        new Attack("routing headers by way of the node", s => new byte[] { 0, 2, 3, 4 }.Select(type => s.ToGateway(
            Craft.Ip6(s.Attacker.IPv6, s.Node.IPv6, Routing, [Craft.Udp, 2, type, 1, 0, 0, 0, 0,
                .. s.Isolated.IPv6.GetAddressBytes(), .. Udp6(s, s.Isolated.IPv6)])))),
        new Attack("a chain of extension headers",
            s => Aims(s).Select(to => s.ToGateway(Craft.Ip6(s.Attacker.IPv6, to.IPv6, HopByHop,
                [Options, 0, 1, 4, 0, 0, 0, 0, Routing, 0, 1, 4, 0, 0, 0, 0, Fragment, 0, 0, 0, 0, 0, 0, 0, Options, 0,
                    0, 0, 0, 0, 0, 8, .. Chain(40), .. Udp6(s, to.IPv6)])))),
        new Attack("no next header",
            s => Aims(s).Select(to => s.ToGateway(Craft.Ip6(s.Attacker.IPv6, to.IPv6, None, s.Tag)))),
        .. from family in Attack.Families
           from protocol in new (string Name, byte Number)[] { ("SCTP INIT", Craft.Sctp), ("DCCP", Craft.Dccp),
               ("UDP-Lite", Craft.UdpLite), ("GRE", Craft.Gre), ("ESP", Craft.Esp), ("AH", Craft.Ah),
               ("IPIP", Craft.Ipip),
               ("6in4", Craft.SixInFour), ("OSPF", 89), ("protocol 255", 255), ("protocol 0", 0) }
           select new Attack($"{protocol.Name} to who is closed{Attack.In(family)}", s => Aims(s)
               .SelectMany(to => new ushort[] { 53, Scene.TcpPort, Scene.UdpPort }.Select(port => s.ToGateway(
                   Craft.Ip(s.Attacker.Address(family), to.Address(family), protocol.Number,
                       protocol.Number == Craft.Sctp ? Craft.SctpInit(1, port, s.Tag)
                       : Craft.UdpTo(s.Attacker.Address(family), to.Address(family), 1, port, s.Tag,
                           protocol.Number)))))),
        .. from family in Attack.Families
           select new Attack($"hop limit 0, 1 and 2{Attack.In(family)}",
               s => Aims(s).SelectMany(to => new byte[] { 0, 1, 2 }.Select(ttl =>
               {
                   var packet = s.Datagram(to.Address(family));
                   return s.ToGateway(to.Address(family).IsFour()
                       ? Craft.Ip4(s.Attacker.IPv4, to.IPv4, Craft.Udp, packet[20..], ttl: ttl)
                       : [.. packet[..7], ttl, .. packet[8..]]);
               }))),
        new Attack("broadcast and groups (IPv4)", s => new[] { "255.255.255.255", "10.244.255.255", "10.244.0.0",
            "224.0.0.1", "224.0.0.251", "239.1.1.1", "240.0.0.1", "0.0.0.0", "127.0.0.1", "169.254.244.254" }
            .SelectMany(to => Everywhere(s, IPAddress.Parse(to)))),
        new Attack("groups (IPv6)", s => new[] { "ff01::1", "ff02::1", "ff02::2", "ff02::fb", "ff05::2", "ff0e::1",
            "::", "::1", "fe80::fe", "fe80::1", "::ffff:10.244.0.3", "64:ff9b::10.244.0.3" }
            .SelectMany(to => Everywhere(s, IPAddress.Parse(to)))),
    ];

    private static Party[] Aims(Scene s) => [s.Isolated, s.Live];

    private static byte[] Udp6(Scene s, IPAddress to) => Craft.UdpTo(s.Attacker.IPv6, to, 1, 53, s.Tag);

    private static byte[] Chain(int length) =>
        [Craft.Udp, (byte)(length / 8 - 1), 1, (byte)(length - 4), .. new byte[length - 4]];

    private static IEnumerable<byte[]> Everywhere(Scene s, IPAddress to) =>
        new[] { s.Node.Mac, Dataplane.Linux.Frames.MacAddress.Broadcast,
            Dataplane.Linux.Frames.MacAddress.Parse("01:00:5e:00:00:01"),
            Dataplane.Linux.Frames.MacAddress.Parse("33:33:00:00:00:01") }
            .Select(mac => s.Frame(mac, s.Datagram(to)));

    private static IEnumerable<Attack> Option4(string name, Func<Scene, byte[]> option) =>
        [new Attack($"IPv4 option: {name}", s => Aims(s).Select(to => s.ToGateway(Craft.Ip4(s.Attacker.IPv4, to.IPv4,
            Craft.Udp, Craft.UdpTo(s.Attacker.IPv4, to.IPv4, 1, 53, s.Tag), option(s)))))];

    /// <param name="rest">What follows the next header and the length.</param>
    private static IEnumerable<Attack> Header6(string name, byte type, Func<Scene, byte[]> rest) =>
        [new Attack($"IPv6 header: {name}",
            s => Aims(s).Select(to => s.ToGateway(Craft.Ip6(s.Attacker.IPv6, to.IPv6, type,
                [Craft.Udp, Length(type, rest(s).Length + 2), .. rest(s), .. Udp6(s, to.IPv6)]))))];

    /// <summary>
    /// In units of 8 bytes behind the first; of 4 and less 2 for AH (RFC 4302); a fragment header has none.
    /// </summary>
    private static byte Length(byte type, int bytes) =>
        type switch { Fragment => 0, Craft.Ah => (byte)(bytes / 4 - 2), _ => (byte)(bytes / 8 - 1) };
}
