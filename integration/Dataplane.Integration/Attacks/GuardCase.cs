using System.Net;
using System.Net.Sockets;
using Dataplane.Rules.Shape;

namespace Dataplane.Integration.Attacks;

/// <summary>
/// A packet of one pod to another one that everybody may reach, and what its sender asks of the kernel.
/// </summary>
/// <param name="Reason">The reason of the drop; null: it arrives.</param>
internal sealed record GuardCase(
    string Name, string? Reason, Func<IPAddress, IPAddress, byte[], (Offload Offload, byte[] Packet)> Of)
{
    private const byte Syn = 2, DestinationOptions = 60, Fragment = 44;
    private const int Ether = 14;

    public static IReadOnlyList<GuardCase> All { get; } =
    [
        new("TCP, its sum", null, (a, b, tag) => (new(Transport(a), 16), Tcp(a, b, tag))),
        new("UDP, its sum", null, (a, b, tag) => (new(Transport(a), 6), Udp(a, b, tag))),
        new("SCTP, its sum", null,
            (a, b, tag) => (new(Transport(a), 8), Craft.Ip(a, b, Craft.Sctp, Craft.SctpInit(9, 10, tag)))),
        new("UDP, its port", DropReason.ForgedChecksum, (a, b, tag) => (new(Transport(a), 2), Udp(a, b, tag))),
        new("TCP, its sequence number", DropReason.ForgedChecksum,
            (a, b, tag) => (new(Transport(a), 4), Tcp(a, b, tag))),
        new("UDP, its source address", DropReason.ForgedChecksum,
            (a, b, tag) => (new(Ether + 8, a.AddressFamily == AddressFamily.InterNetwork ? 4 : 14), Udp(a, b, tag))),
        new("UDP, its port, summed from its checksum on", DropReason.ForgedChecksum,
            (a, b, tag) => (new(Transport(a) - 4, 6), Udp(a, b, tag))),
        new("ICMP", DropReason.ForgedChecksum, (a, b, tag) => (new(Transport(a), 2),
            Craft.Ip(a, b, a.AddressFamily == AddressFamily.InterNetwork ? Craft.Icmp : Craft.Icmpv6,
                Craft.IcmpTo(a, b, a.AddressFamily == AddressFamily.InterNetwork ? (byte)8 : (byte)128, 0,
                    [0, 1, 0, 1], tag)))),
        new("a first fragment, its sum", DropReason.ForgedChecksum,
            (a, b, tag) => (new(Transport(a), 6), First(a, b, tag))),
        new("a header more, the sum behind it", null,
            (a, b, tag) => (new(Transport(a) + 8, 6), Longer(a, b, tag, 1))),
        new("a header more, the sum before it", DropReason.ForgedChecksum,
            (a, b, tag) => (new(Transport(a), 6), Longer(a, b, tag, 1))),
        new("the packet in a tunnel's packet, its sum", null, (a, b, tag) => (new(Transport(a) + 20, 6),
            Craft.Ip(a, b, Craft.Ipip, Craft.Ip4(IPAddress.Parse("10.1.1.1"), IPAddress.Parse("10.1.1.2"), Craft.Udp,
                Craft.UdpTo(IPAddress.Parse("10.1.1.1"), IPAddress.Parse("10.1.1.2"), 9, 9, tag))))),
        new("segments of TCP", null,
            (a, b, tag) => (Cut(a, 16, Tcp(a), 1000, 20), Tcp(a, b, [.. tag, .. new byte[4000]]))),
        new("segments of TCP of the other family", DropReason.ForgedSegments,
            (a, b, tag) => (Cut(a, 16, (byte)(Offload.Tcp4 + Offload.Tcp6 - Tcp(a)), 1000, 20),
                Tcp(a, b, [.. tag, .. new byte[4000]]))),
        new("segments of TCP of four bytes", DropReason.ForgedSegments,
            (a, b, tag) => (Cut(a, 16, Tcp(a), 4, 20), Tcp(a, b, [.. tag, .. new byte[4000]]))),
        new("datagrams", null,
            (a, b, tag) => (Cut(a, 6, Offload.Datagrams, 1000, 8), Udp(a, b, [.. tag, .. new byte[4000]]))),
        new("datagrams by the thousand", DropReason.ForgedSegments,
            (a, b, tag) => (Cut(a, 6, Offload.Datagrams, 2, 8), Udp(a, b, [.. tag, .. new byte[4000]]))),
        new("segments of TCP from UDP", DropReason.ForgedChecksum,
            (a, b, tag) => (Cut(a, 16, Tcp(a), 1000, 20), Udp(a, b, [.. tag, .. new byte[4000]]))),
        new("a fragment to be cut", DropReason.ForgedSegments,
            (a, b, tag) => (new(null, 0, Tcp(a), 1000, Transport(a) + 20), First(a, b, [.. tag, .. new byte[3000]]))),
    ];

    /// <summary>IPv6 only: IPv4 has no room for that many.</summary>
    public static GuardCase Endless { get; } = new("seven headers more", DropReason.UnreadableHeader,
        (a, b, tag) => (new(null, 0), Longer(a, b, tag, 7)));

    private static byte[] Udp(IPAddress from, IPAddress to, byte[] payload) =>
        Craft.Ip(from, to, Craft.Udp, Craft.UdpTo(from, to, 9, 8125, payload));

    private static byte[] Tcp(IPAddress from, IPAddress to, byte[] payload) =>
        Craft.Ip(from, to, Craft.Tcp, Craft.TcpTo(from, to, 9, 80, Syn, 1, 0, payload));

    /// <summary>Eight bytes of options, or extension headers of eight bytes.</summary>
    private static byte[] Longer(IPAddress from, IPAddress to, byte[] payload, int headers)
    {
        var segment = Craft.UdpTo(from, to, 9, 8125, payload);
        if (from.AddressFamily == AddressFamily.InterNetwork)
            return Craft.Ip4(from, to, Craft.Udp, segment, options: [1, 1, 1, 1, 1, 1, 1, 0]);
        for (var i = 0; i < headers; i++)
            segment = [i == 0 ? Craft.Udp : DestinationOptions, 0, 1, 4, 0, 0, 0, 0, .. segment];
        return Craft.Ip6(from, to, DestinationOptions, segment);
    }

    private static byte[] First(IPAddress from, IPAddress to, byte[] payload)
    {
        // Behind the tag: what is cut off to make it a multiple of eight.
        var segment = Craft.UdpTo(from, to, 9, 8125, [.. payload, .. new byte[8]]);
        segment = segment[..(segment.Length & ~7)];
        return from.AddressFamily == AddressFamily.InterNetwork
            ? Craft.Ip4(from, to, Craft.Udp, segment, fragment: Craft.MoreFragments)
            : Craft.Ip6(from, to, Fragment, [Craft.Udp, 0, 0, 1, 0, 0, 0, 1, .. segment]);
    }

    private static Offload Cut(IPAddress from, int sum, byte type, int segment, int header) =>
        new(Transport(from), sum, type, segment, Transport(from) + header);

    private static byte Tcp(IPAddress from) =>
        from.AddressFamily == AddressFamily.InterNetwork ? Offload.Tcp4 : Offload.Tcp6;

    private static int Transport(IPAddress from) =>
        Ether + (from.AddressFamily == AddressFamily.InterNetwork ? 20 : 40);
}
