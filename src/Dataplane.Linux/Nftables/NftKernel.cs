using Dataplane.Linux.Native;

namespace Dataplane.Linux.Nftables;

/// <summary>Subsystem, messages and attributes of nf_tables under the names of the kernel's headers.</summary>
[KernelHeader("linux/netlink.h linux/netfilter/nfnetlink.h linux/netfilter/nf_tables.h linux/netfilter/nf_nat.h")]
internal static class NftKernel
{
    // Groups, batches, messages; the subsystem goes into the high byte of nlmsg_type.
    public const int NFNLGRP_NFTRACE = 9, NFNL_BATCH_GENID = 1;
    public const int NFNL_SUBSYS_NFTABLES = 10;
    public const int NFT_MSG_NEWTABLE = 0, NFT_MSG_GETTABLE = 1, NFT_MSG_DELTABLE = 2, NFT_MSG_NEWCHAIN = 3,
        NFT_MSG_GETCHAIN = 4, NFT_MSG_DELCHAIN = 5, NFT_MSG_NEWRULE = 6, NFT_MSG_GETRULE = 7, NFT_MSG_DELRULE = 8,
        NFT_MSG_NEWSET = 9, NFT_MSG_GETSET = 10, NFT_MSG_DELSET = 11, NFT_MSG_NEWSETELEM = 12, NFT_MSG_GETSETELEM = 13,
        NFT_MSG_DELSETELEM = 14, NFT_MSG_GETGEN = 16, NFT_MSG_TRACE = 17;
    public const ushort NFNL_MSG_BATCH_BEGIN = 16, NFNL_MSG_BATCH_END = 17;

    // Lists, data, verdicts, expressions.
    public const int NFTA_LIST_ELEM = 1, NFTA_DATA_VALUE = 1, NFTA_DATA_VERDICT = 2, NFTA_EXPR_NAME = 1,
        NFTA_EXPR_DATA = 2, NFTA_VERDICT_CODE = 1, NFTA_VERDICT_CHAIN = 2, NFTA_GEN_ID = 1;

    // Tables and chains.
    public const int NFTA_TABLE_NAME = 1, NFTA_TABLE_FLAGS = 2, NFTA_TABLE_USERDATA = 6;
    public const int NFTA_CHAIN_TABLE = 1, NFTA_CHAIN_NAME = 3, NFTA_CHAIN_HOOK = 4, NFTA_CHAIN_POLICY = 5,
        NFTA_CHAIN_TYPE = 7;
    public const int NFTA_HOOK_HOOKNUM = 1, NFTA_HOOK_PRIORITY = 2;

    // Rules.
    public const int NFTA_RULE_TABLE = 1, NFTA_RULE_CHAIN = 2, NFTA_RULE_HANDLE = 3, NFTA_RULE_EXPRESSIONS = 4,
        NFTA_RULE_USERDATA = 7;

    // Sets and their elements.
    public const int NFTA_SET_TABLE = 1, NFTA_SET_NAME = 2, NFTA_SET_FLAGS = 3, NFTA_SET_KEY_TYPE = 4,
        NFTA_SET_KEY_LEN = 5, NFTA_SET_DATA_TYPE = 6, NFTA_SET_DATA_LEN = 7, NFTA_SET_DESC = 9, NFTA_SET_ID = 10,
        NFTA_SET_TIMEOUT = 11, NFTA_SET_USERDATA = 13;
    public const int NFTA_SET_DESC_SIZE = 1, NFTA_SET_DESC_CONCAT = 2, NFTA_SET_FIELD_LEN = 1;
    public const int NFTA_SET_ELEM_KEY = 1, NFTA_SET_ELEM_DATA = 2, NFTA_SET_ELEM_FLAGS = 3, NFTA_SET_ELEM_USERDATA = 6,
        NFTA_SET_ELEM_KEY_END = 10;
    public const int NFTA_SET_ELEM_LIST_TABLE = 1, NFTA_SET_ELEM_LIST_SET = 2, NFTA_SET_ELEM_LIST_ELEMENTS = 3;
    public const uint NFT_SET_ELEM_INTERVAL_END = 1;

    // Traces.
    public const int NFTA_TRACE_TABLE = 1, NFTA_TRACE_CHAIN = 2, NFTA_TRACE_RULE_HANDLE = 3, NFTA_TRACE_TYPE = 4,
        NFTA_TRACE_VERDICT = 5, NFTA_TRACE_ID = 6, NFTA_TRACE_IIF = 10, NFTA_TRACE_OIF = 12, NFTA_TRACE_MARK = 14,
        NFTA_TRACE_POLICY = 16;

    // Expressions.
    public const int NFTA_META_DREG = 1, NFTA_META_KEY = 2, NFTA_META_SREG = 3;
    public const int NFTA_CT_DREG = 1, NFTA_CT_KEY = 2, NFTA_CT_DIRECTION = 3, NFTA_CT_SREG = 4;
    public const int NFTA_PAYLOAD_DREG = 1, NFTA_PAYLOAD_BASE = 2, NFTA_PAYLOAD_OFFSET = 3, NFTA_PAYLOAD_LEN = 4;
    public const int NFTA_CMP_SREG = 1, NFTA_CMP_OP = 2, NFTA_CMP_DATA = 3;
    public const int NFTA_BITWISE_SREG = 1, NFTA_BITWISE_DREG = 2, NFTA_BITWISE_LEN = 3, NFTA_BITWISE_MASK = 4,
        NFTA_BITWISE_XOR = 5;
    public const int NFTA_BYTEORDER_SREG = 1, NFTA_BYTEORDER_DREG = 2, NFTA_BYTEORDER_OP = 3, NFTA_BYTEORDER_LEN = 4,
        NFTA_BYTEORDER_SIZE = 5;
    public const int NFTA_LOOKUP_SET = 1, NFTA_LOOKUP_SREG = 2, NFTA_LOOKUP_DREG = 3, NFTA_LOOKUP_SET_ID = 4,
        NFTA_LOOKUP_FLAGS = 5;
    public const int NFTA_IMMEDIATE_DREG = 1, NFTA_IMMEDIATE_DATA = 2;
    public const int NFTA_COUNTER_BYTES = 1, NFTA_COUNTER_PACKETS = 2;
    public const int NFTA_LOG_GROUP = 1, NFTA_LOG_PREFIX = 2;
    public const int NFTA_LIMIT_RATE = 1, NFTA_LIMIT_UNIT = 2, NFTA_LIMIT_BURST = 3, NFTA_LIMIT_TYPE = 4,
        NFTA_LIMIT_FLAGS = 5;
    public const int NFTA_CONNLIMIT_COUNT = 1, NFTA_CONNLIMIT_FLAGS = 2;
    public const int NFTA_DYNSET_SET_NAME = 1, NFTA_DYNSET_SET_ID = 2, NFTA_DYNSET_OP = 3, NFTA_DYNSET_SREG_KEY = 4,
        NFTA_DYNSET_SREG_DATA = 5, NFTA_DYNSET_TIMEOUT = 6, NFTA_DYNSET_EXPR = 7;
    public const int NFTA_HASH_DREG = 2, NFTA_HASH_MODULUS = 4, NFTA_HASH_TYPE = 7;
    public const int NFTA_NAT_TYPE = 1, NFTA_NAT_FAMILY = 2, NFTA_NAT_REG_ADDR_MIN = 3, NFTA_NAT_REG_PROTO_MIN = 5;
    public const int NFTA_MASQ_FLAGS = 1, NFTA_MASQ_REG_PROTO_MIN = 2, NFTA_MASQ_REG_PROTO_MAX = 3;
    public const int NFTA_REJECT_TYPE = 1, NFTA_REJECT_ICMP_CODE = 2;
    public const int NFTA_NG_DREG = 1, NFTA_NG_MODULUS = 2, NFTA_NG_TYPE = 3, NFTA_NG_OFFSET = 4;
    public const int NFTA_FIB_DREG = 1, NFTA_FIB_RESULT = 2, NFTA_FIB_FLAGS = 3;

    public const int NFTA_EXTHDR_DREG = 1, NFTA_EXTHDR_TYPE = 2, NFTA_EXTHDR_OFFSET = 3, NFTA_EXTHDR_LEN = 4,
        NFTA_EXTHDR_FLAGS = 5;

    // Values of their attributes.
    public const uint NFTA_FIB_F_SADDR = 1, NFTA_FIB_F_DADDR = 2, NFTA_FIB_F_MARK = 4, NFTA_FIB_F_IIF = 8,
        NFTA_FIB_F_PRESENT = 32, NFT_FIB_RESULT_OIF = 1, NFT_FIB_RESULT_ADDRTYPE = 3;
    public const uint NF_NAT_RANGE_PROTO_SPECIFIED = 2, NF_NAT_RANGE_PROTO_RANDOM_FULLY = 16;
    public const uint NFT_REG_VERDICT = 0, NFT_BYTEORDER_HTON = 1, NFT_LIMIT_PKTS = 0, NFT_LIMIT_F_INV = 1,
        NFT_CONNLIMIT_F_INV = 1, NFT_EXTHDR_F_PRESENT = 1, NFT_NG_RANDOM = 1, NFT_DYNSET_OP_ADD = 0,
        NFT_DYNSET_OP_UPDATE = 1, NFT_DYNSET_OP_DELETE = 2,
        NFT_LOOKUP_F_INV = 1, NFT_HASH_SYM = 1, NFT_NAT_DNAT = 1, NFT_DATA_VERDICT = 0xffff_ff00;
    public const byte NFT_REJECT_TCP_RST = 1, NFT_REJECT_ICMPX_UNREACH = 2, NFT_REJECT_ICMPX_PORT_UNREACH = 1;

    /// <summary>nlmsg_type of a message of this subsystem.</summary>
    public static ushort MessageType(int message) => (ushort)(NFNL_SUBSYS_NFTABLES << 8 | message);
}
