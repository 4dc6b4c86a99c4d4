namespace Dataplane.Linux.Nftables;

/// <summary>
/// A data type of nft: the kernel stores the number and never looks at it, <c>nft list</c> prints by it. Numbers from
/// <c>enum datatypes</c> of nftables' include/datatype.h.
/// </summary>
/// <param name="Length">Bytes; in a concatenation each field is padded to a multiple of 4.</param>
/// <param name="IsHostOrder">Whether it is kept in host byte order; the set's userdata must say so, or nft lists it
/// byte-swapped.</param>
public sealed record NftType(string Name, int Number, int Length, bool IsHostOrder = false)
{
    /// <summary>A verdict as the data of a map.</summary>
    public static readonly NftType Verdict = new("verdict", unchecked((int)NftKernel.NFT_DATA_VERDICT), 16);

    public static readonly NftType NfProto = new("nf_proto", 2, 1, IsHostOrder: true);
    public static readonly NftType Ipv4 = new("ipv4_addr", 7, 4);
    public static readonly NftType Ipv6 = new("ipv6_addr", 8, 16);
    public static readonly NftType Ether = new("ether_addr", 9, 6);
    public static readonly NftType EtherType = new("ether_type", 10, 2);
    public static readonly NftType Protocol = new("inet_proto", 12, 1);
    public static readonly NftType Port = new("inet_service", 13, 2);
    public static readonly NftType Ipv4AndPort = new("ipv4_addr . inet_service", 7 << 6 | 13, 8);
    public static readonly NftType Ipv6AndPort = new("ipv6_addr . inet_service", 8 << 6 | 13, 20);
    public static readonly NftType Mark = new("mark", 19, 4, IsHostOrder: true);
    public static readonly NftType InterfaceIndex = new("iface_index", 20, 4, IsHostOrder: true);
    public static readonly NftType ClassId = new("classid", 23, 4, IsHostOrder: true);
    public static readonly NftType InterfaceName = new("ifname", 41, 16, IsHostOrder: true);

    /// <summary>Bytes in a concatenated key.</summary>
    public int PaddedLength => (Length + 3) & ~3;
}
