using Dataplane.Linux.Frames;

namespace Dataplane.Linux.Tests.Frames;

/// <summary>The probes the tests share: every protocol over both families.</summary>
internal static class Probes
{
    public static readonly MacAddress Pod = MacAddress.Parse("0a:58:0a:f4:00:03");
    public static readonly MacAddress Gateway = MacAddress.Parse("0a:58:0a:f4:00:01");

    public static ProbeSpec Spec(IpProtocol protocol, bool v6, uint id = 0x1234_5678)
    {
        var icmp = protocol is IpProtocol.Icmp or IpProtocol.Icmpv6;
        var source = IpAddressValue.Parse(v6 ? "fd00:10:244::3" : "10.244.0.3");
        var destination = IpAddressValue.Parse(v6 ? "fd00:10:244::2" : "10.244.0.2");
        return new ProbeSpec(Pod, Gateway,
            new ProbeIdentity(id, protocol, source, destination, (ushort)(icmp ? 0 : 45250), (ushort)(icmp ? 0 : 80)))
            {
                TrafficClass = 4,
            };
    }

    public static TheoryData<IpProtocol, bool> All => new()
    {
        { IpProtocol.Tcp, false }, { IpProtocol.Udp, false }, { IpProtocol.Sctp, false }, { IpProtocol.Icmp, false },
        { IpProtocol.Tcp, true }, { IpProtocol.Udp, true }, { IpProtocol.Sctp, true }, { IpProtocol.Icmpv6, true },
    };

    public static byte[] Frame(in ProbeSpec spec)
    {
        var buffer = new byte[ProbeFrame.MaxLength];
        return buffer[..ProbeFrame.Write(buffer, spec)];
    }

    public static byte[] Frame(IpProtocol protocol, bool v6) => Frame(Spec(protocol, v6));

    /// <summary>Bytes of a hexadecimal text with any white space in it.</summary>
    public static byte[] Hex(string text) =>
        Convert.FromHexString(string.Concat(text.Where(c => !char.IsWhiteSpace(c))));
}
