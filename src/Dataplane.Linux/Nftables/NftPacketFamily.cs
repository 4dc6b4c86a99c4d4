using static Dataplane.Linux.Nftables.NftValues;

namespace Dataplane.Linux.Nftables;

/// <summary>The family of a packet, as rules and elements name it: NFPROTO_* of linux/netfilter.h.</summary>
public static class NftPacketFamily
{
    public const byte IPv4 = NFPROTO_IPV4, IPv6 = NFPROTO_IPV6;
}
