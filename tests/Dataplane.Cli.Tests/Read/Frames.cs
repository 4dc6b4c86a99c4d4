using Dataplane.Linux.Frames;

namespace Dataplane.Cli.Tests.Read;

/// <summary>
/// Frames as they pass a pod's port: the pods of <see cref="Cli.Pods"/> have 10.244.0.2 (client), .3 (other), .4 (web).
/// </summary>
internal static class Frames
{
    private static readonly MacAddress Left = MacAddress.Parse("0a:58:0a:f4:00:03"),
        Right = MacAddress.Parse("0a:58:0a:f4:00:01");

    private static readonly IpProtocol[] Protocols = [IpProtocol.Tcp, IpProtocol.Udp, IpProtocol.Sctp, IpProtocol.Icmp];

    /// <summary>A SYN, an INIT, an echo request or a datagram.</summary>
    public static byte[] Probe(IpProtocol protocol, string from, string to, int sourcePort = 40000, int port = 80)
    {
        var icmp = protocol is IpProtocol.Icmp or IpProtocol.Icmpv6;
        var identity = new ProbeIdentity(0x1234, protocol, IpAddressValue.Parse(from), IpAddressValue.Parse(to),
            (ushort)(icmp ? 0 : sourcePort), (ushort)(icmp ? 0 : port));
        var buffer = new byte[ProbeFrame.MaxLength];
        return buffer[..ProbeFrame.Write(buffer, new ProbeSpec(Left, Right, identity))];
    }

    /// <summary>An IPv4 TCP segment with these flags; checksums are not looked at.</summary>
    public static byte[] Tcp(string from, int sourcePort, string to, int port, TcpFlags flags)
    {
        var frame = Probe(IpProtocol.Tcp, from, to, sourcePort, port);
        frame[EthernetView.HeaderLength + 20 + 13] = (byte)flags;
        return frame;
    }

    public static byte[] Hex(string text) =>
        Convert.FromHexString(string.Concat(text.Where(c => !char.IsWhiteSpace(c))));

    /// <summary>A probe of any kind, perhaps tagged, damaged or cut; or noise.</summary>
    public static byte[] Random(Random random)
    {
        var v6 = random.Next(2) == 0;
        var protocol = Protocols[random.Next(Protocols.Length)];
        var frame = v6
            ? Probe(protocol == IpProtocol.Icmp ? IpProtocol.Icmpv6 : protocol, "fd00:10:244::3", "fd00:10:244::2",
                random.Next(1, 100), random.Next(2) == 0 ? 80 : 53)
            : Probe(protocol, "10.244.0.3", "10.244.0.2", random.Next(1, 100), random.Next(2) == 0 ? 80 : 53);
        if (random.Next(6) == 0) frame = [.. frame[..12], 0x81, 0, 0, 5, .. frame[12..]];
        if (random.Next(12) == 0) random.NextBytes(frame);
        if (random.Next(2) == 0)
        {
            byte[] likely =
                [0, 1, 4, 6, 8, 17, 41, 43, 44, 47, 50, 51, 58, 60, 103, 132, 0x40, 0x45, 0x60, 0x86, 0xdd, 0x81, 0xff];
            for (var n = random.Next(1, 8); n > 0; n--)
            {
                frame[random.Next(frame.Length)] = random.Next(3) == 0
                    ? (byte)random.Next(256)
                    : likely[random.Next(likely.Length)];
            }
        }
        return random.Next(3) == 0 ? frame[..random.Next(1, frame.Length + 1)] : frame;
    }
}
