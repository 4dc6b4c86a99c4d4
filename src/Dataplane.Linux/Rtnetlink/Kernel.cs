using System.Runtime.InteropServices;
using Dataplane.Linux.Native;

namespace Dataplane.Linux.Rtnetlink;

/// <summary>Every link message begins with it.</summary>
[KernelHeader("linux/rtnetlink.h")]
[StructLayout(LayoutKind.Sequential)]
internal struct ifinfomsg
{
    public byte ifi_family;
    public byte __ifi_pad;
    public ushort ifi_type;
    public int ifi_index;
    public uint ifi_flags;
    public uint ifi_change;
}

[KernelHeader("linux/if_addr.h")]
[StructLayout(LayoutKind.Sequential)]
internal struct ifaddrmsg
{
    public byte ifa_family;
    public byte ifa_prefixlen;
    public byte ifa_flags;
    public byte ifa_scope;
    public uint ifa_index;
}

[KernelHeader("linux/rtnetlink.h")]
[StructLayout(LayoutKind.Sequential)]
internal struct rtmsg
{
    public byte rtm_family;
    public byte rtm_dst_len;
    public byte rtm_src_len;
    public byte rtm_tos;
    public byte rtm_table;
    public byte rtm_protocol;
    public byte rtm_scope;
    public byte rtm_type;
    public uint rtm_flags;
}

[KernelHeader("linux/fib_rules.h")]
[StructLayout(LayoutKind.Sequential)]
internal struct fib_rule_hdr
{
    public byte family;
    public byte dst_len;
    public byte src_len;
    public byte tos;
    public byte table;
    public byte res1;
    public byte res2;
    public byte action;
    public uint flags;
}

[KernelHeader("linux/neighbour.h")]
[StructLayout(LayoutKind.Sequential)]
internal struct ndmsg
{
    public byte ndm_family;
    public byte ndm_pad1;
    public ushort ndm_pad2;
    public int ndm_ifindex;
    public ushort ndm_state;
    public byte ndm_flags;
    public byte ndm_type;
}

[KernelHeader("linux/rtnetlink.h")]
[StructLayout(LayoutKind.Sequential)]
internal struct rtgenmsg
{
    public byte rtgen_family;
}

/// <summary>Message types.</summary>
[KernelHeader("linux/rtnetlink.h")]
internal static class Rtm
{
    public const ushort RTM_NEWLINK = 16, RTM_DELLINK = 17, RTM_GETLINK = 18;
    public const ushort RTM_NEWADDR = 20, RTM_DELADDR = 21, RTM_GETADDR = 22;
    public const ushort RTM_NEWROUTE = 24, RTM_DELROUTE = 25, RTM_GETROUTE = 26;
    public const ushort RTM_NEWNEIGH = 28, RTM_DELNEIGH = 29, RTM_GETNEIGH = 30;
    public const ushort RTM_NEWRULE = 32, RTM_DELRULE = 33, RTM_GETRULE = 34;
    public const ushort RTM_GETNSID = 90;
}

[KernelHeader("linux/if.h linux/if_link.h linux/veth.h")]
internal static class Ifla
{
    public const uint IFF_UP = 1;
    public const int IFLA_ADDRESS = 1, IFLA_IFNAME = 3, IFLA_MTU = 4, IFLA_LINK = 5, IFLA_MASTER = 10,
        IFLA_OPERSTATE = 16, IFLA_LINKINFO = 18, IFLA_IFALIAS = 20, IFLA_STATS64 = 23;
    public const int IFLA_GROUP = 27, IFLA_NET_NS_FD = 28, IFLA_NUM_TX_QUEUES = 31, IFLA_NUM_RX_QUEUES = 32,
        IFLA_LINK_NETNSID = 37;
    public const int IFLA_INFO_KIND = 1, IFLA_INFO_DATA = 2, IFLA_INFO_SLAVE_KIND = 4, IFLA_INFO_SLAVE_DATA = 5;
    public const int VETH_INFO_PEER = 1;
    public const int IFLA_BR_FORWARD_DELAY = 1, IFLA_BR_STP_STATE = 5, IFLA_BR_MCAST_SNOOPING = 23;
    public const int IFLA_BRPORT_LEARNING = 8, IFLA_BRPORT_UNICAST_FLOOD = 9, IFLA_BRPORT_MCAST_FLOOD = 27,
        IFLA_BRPORT_BCAST_FLOOD = 30;
    public const int IFLA_BRPORT_ISOLATED = 33;
}

[KernelHeader("linux/if_addr.h")]
internal static class Ifa
{
    public const int IFA_ADDRESS = 1, IFA_LOCAL = 2, IFA_FLAGS = 8;
    public const uint IFA_F_NODAD = 2;
}

[KernelHeader("linux/rtnetlink.h")]
internal static class Rta
{
    public const int RTA_DST = 1, RTA_OIF = 4, RTA_GATEWAY = 5, RTA_PRIORITY = 6, RTA_PREFSRC = 7, RTA_TABLE = 15;
    public const byte RT_TABLE_UNSPEC = 0, RTPROT_STATIC = 4, RT_SCOPE_UNIVERSE = 0, RT_SCOPE_LINK = 253,
        RT_SCOPE_NOWHERE = 255;
    public const uint RTNH_F_ONLINK = 4;
    public const uint RTM_F_CLONED = 0x200;
}

[KernelHeader("linux/fib_rules.h")]
internal static class Fra
{
    public const int FRA_IIFNAME = 3, FRA_PRIORITY = 6, FRA_FWMARK = 10, FRA_TABLE = 15, FRA_FWMASK = 16;
}

[KernelHeader("linux/neighbour.h")]
internal static class Nda
{
    public const int NDA_DST = 1, NDA_LLADDR = 2, NDA_MASTER = 9;
    public const byte NTF_MASTER = 4;
    public const ushort NUD_PERMANENT = 0x80, NUD_NOARP = 0x40;
}

[KernelHeader("linux/net_namespace.h")]
internal static class Netnsa
{
    public const int NETNSA_NSID = 1, NETNSA_FD = 3;
}
