using static Dataplane.Linux.Nftables.NftValues;

namespace Dataplane.Linux.Nftables;

/// <summary>Address families of tables, NFPROTO_* of linux/netfilter.h.</summary>
public enum NftFamily : byte
{
    Inet = NFPROTO_INET,
    Bridge = NFPROTO_BRIDGE,
}

/// <summary>NFT_TABLE_F_*: who may change a table, and whether it outlives its owner.</summary>
[Flags]
public enum NftTableFlags : uint
{
    None = 0,
    Owner = NFT_TABLE_F_OWNER,

    /// <summary>NFT_TABLE_F_PERSIST, since Linux 6.9; older headers do not define it.</summary>
    Persist = 4,
}

/// <summary>NFT_SET_*.</summary>
[Flags]
internal enum NftSetFlags : uint
{
    None = 0,
    Interval = NFT_SET_INTERVAL,
    Map = NFT_SET_MAP,
    Timeout = NFT_SET_TIMEOUT,
    Evaluated = NFT_SET_EVAL,
    Concatenation = NFT_SET_CONCAT,
}

/// <summary>Keys of the meta expression, NFT_META_*.</summary>
public enum NftMeta : uint
{
    Protocol = NFT_META_PROTOCOL,
    Priority = NFT_META_PRIORITY,
    Mark = NFT_META_MARK,
    InputIndex = NFT_META_IIF,
    InputName = NFT_META_IIFNAME,
    OutputName = NFT_META_OIFNAME,
    Trace = NFT_META_NFTRACE,
    NfProto = NFT_META_NFPROTO,
    L4Proto = NFT_META_L4PROTO,
    PacketType = NFT_META_PKTTYPE,
    InputGroup = NFT_META_IIFGROUP,
    OutputGroup = NFT_META_OIFGROUP,
}

/// <summary>Keys of the ct expression, NFT_CT_*.</summary>
public enum NftCt : uint
{
    State = NFT_CT_STATE,
    Direction = NFT_CT_DIRECTION,
    Status = NFT_CT_STATUS,
    Mark = NFT_CT_MARK,
    SourceIPv4 = NFT_CT_SRC_IP,
    SourceIPv6 = NFT_CT_SRC_IP6,
}

/// <summary>One of a connection's two tuples, IP_CT_DIR_*: that of its first packet, or that of the replies.</summary>
public enum NftCtDirection : byte
{
    Original = IP_CT_DIR_ORIGINAL,
    Reply = IP_CT_DIR_REPLY,
}

/// <summary>Bases of the payload expression, NFT_PAYLOAD_*.</summary>
public enum NftPayload : uint
{
    Link = NFT_PAYLOAD_LL_HEADER,
    Network = NFT_PAYLOAD_NETWORK_HEADER,
    Transport = NFT_PAYLOAD_TRANSPORT_HEADER,
}

/// <summary>NFT_CMP_*.</summary>
public enum NftCompare : uint
{
    Equal = NFT_CMP_EQ,
    NotEqual = NFT_CMP_NEQ,
}

/// <summary>Verdicts: NF_DROP, NF_ACCEPT and NFT_CONTINUE, NFT_JUMP, NFT_GOTO, NFT_RETURN.</summary>
public enum NftVerdict
{
    Drop = NF_DROP,
    Accept = NF_ACCEPT,
    Continue = NFT_CONTINUE,
    Jump = NFT_JUMP,
    Goto = NFT_GOTO,
    Return = NFT_RETURN,
}

/// <summary>Hooks of the inet and bridge families, NF_INET_*; NF_BR_* are the same numbers.</summary>
public enum NftHook : uint
{
    Prerouting = NF_INET_PRE_ROUTING,
    Input = NF_INET_LOCAL_IN,
    Forward = NF_INET_FORWARD,
    Output = NF_INET_LOCAL_OUT,
    Postrouting = NF_INET_POST_ROUTING,
}
