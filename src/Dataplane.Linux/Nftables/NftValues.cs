using Dataplane.Linux.Native;

namespace Dataplane.Linux.Nftables;

/// <summary>The values of the public enumerations of this folder under the names of the kernel's headers.</summary>
[KernelHeader("linux/netfilter.h linux/netfilter/nf_conntrack_tuple_common.h linux/netfilter/nf_tables.h")]
internal static class NftValues
{
    public const byte NFPROTO_INET = 1, NFPROTO_IPV4 = 2, NFPROTO_BRIDGE = 7, NFPROTO_IPV6 = 10;
    public const uint NFT_TABLE_F_OWNER = 2;
    public const uint NFT_SET_INTERVAL = 4, NFT_SET_MAP = 8, NFT_SET_TIMEOUT = 16, NFT_SET_EVAL = 32,
        NFT_SET_CONCAT = 128;
    public const uint NFT_META_PROTOCOL = 1, NFT_META_PRIORITY = 2, NFT_META_MARK = 3, NFT_META_IIF = 4,
        NFT_META_IIFNAME = 6, NFT_META_OIFNAME = 7, NFT_META_NFTRACE = 12, NFT_META_NFPROTO = 15,
        NFT_META_L4PROTO = 16, NFT_META_PKTTYPE = 19, NFT_META_IIFGROUP = 21, NFT_META_OIFGROUP = 22;
    public const uint NFT_CT_STATE = 0, NFT_CT_DIRECTION = 1, NFT_CT_STATUS = 2, NFT_CT_MARK = 3, NFT_CT_SRC_IP = 19,
        NFT_CT_SRC_IP6 = 21;
    public const byte IP_CT_DIR_ORIGINAL = 0, IP_CT_DIR_REPLY = 1;
    public const uint NFT_PAYLOAD_LL_HEADER = 0, NFT_PAYLOAD_NETWORK_HEADER = 1, NFT_PAYLOAD_TRANSPORT_HEADER = 2;
    public const uint NFT_CMP_EQ = 0, NFT_CMP_NEQ = 1;
    public const int NF_DROP = 0, NF_ACCEPT = 1, NFT_CONTINUE = -1, NFT_JUMP = -3, NFT_GOTO = -4, NFT_RETURN = -5;
    public const uint NF_INET_PRE_ROUTING = 0, NF_INET_LOCAL_IN = 1, NF_INET_FORWARD = 2, NF_INET_LOCAL_OUT = 3,
        NF_INET_POST_ROUTING = 4;
    public const int NFT_TRACETYPE_POLICY = 1, NFT_TRACETYPE_RETURN = 2, NFT_TRACETYPE_RULE = 3;
}
