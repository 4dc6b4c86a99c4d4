namespace Dataplane.Linux.Frames;

/// <summary>
/// The transport protocols we build and take apart, by their IANA number (<c>linux/in.h</c>, <c>IPPROTO_*</c>).
/// </summary>
public enum IpProtocol : byte
{
    Icmp = 1,
    Tcp = 6,
    Udp = 17,
    Icmpv6 = 58,
    Sctp = 132,
}

/// <summary>Ethertypes (<c>linux/if_ether.h</c>, <c>ETH_P_*</c>).</summary>
public static class EtherTypes
{
    public const ushort IPv4 = 0x0800;
    public const ushort Arp = 0x0806;
    public const ushort IPv6 = 0x86dd;
    public const ushort Vlan = 0x8100;
    public const ushort ServiceVlan = 0x88a8;
}
