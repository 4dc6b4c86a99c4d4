using Dataplane.Linux.Native;

namespace Dataplane.Linux.Conntrack;

[KernelHeader("linux/netfilter/nfnetlink.h linux/netfilter/nfnetlink_conntrack.h")]
internal static class Ctnl
{
    public const int NFNL_SUBSYS_CTNETLINK = 1;
    public const int NFNLGRP_CONNTRACK_NEW = 1;
    public const int IPCTNL_MSG_CT_NEW = 0, IPCTNL_MSG_CT_GET = 1, IPCTNL_MSG_CT_DELETE = 2,
        IPCTNL_MSG_CT_GET_STATS = 5;
    public const int CTA_STATS_GLOBAL_ENTRIES = 1, CTA_STATS_GLOBAL_MAX_ENTRIES = 2;
    public const int CTA_TUPLE_ORIG = 1, CTA_TUPLE_REPLY = 2, CTA_STATUS = 3, CTA_MARK = 8, CTA_ID = 12,
        CTA_MARK_MASK = 21;
    public const int CTA_PROTOINFO = 4, CTA_PROTOINFO_TCP = 1, CTA_PROTOINFO_SCTP = 3;
    /// <summary>Also CTA_PROTOINFO_SCTP_STATE.</summary>
    public const int CTA_PROTOINFO_TCP_STATE = 1;

    public const int CTA_TUPLE_IP = 1, CTA_TUPLE_PROTO = 2;
    public const int CTA_IP_V4_SRC = 1, CTA_IP_V4_DST = 2, CTA_IP_V6_SRC = 3, CTA_IP_V6_DST = 4;
    public const int CTA_PROTO_NUM = 1, CTA_PROTO_SRC_PORT = 2, CTA_PROTO_DST_PORT = 3;
    public const int CTA_PROTO_ICMP_ID = 4, CTA_PROTO_ICMP_TYPE = 5, CTA_PROTO_ICMP_CODE = 6;
    public const int CTA_PROTO_ICMPV6_ID = 7, CTA_PROTO_ICMPV6_TYPE = 8, CTA_PROTO_ICMPV6_CODE = 9;
}
