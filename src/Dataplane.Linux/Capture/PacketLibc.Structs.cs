using System.Runtime.InteropServices;
using Dataplane.Linux.Native;

namespace Dataplane.Linux.Capture;

internal static unsafe partial class PacketLibc
{
    /// <summary><c>struct sockaddr_ll</c>, linux/if_packet.h.</summary>
    [KernelHeader("linux/if_packet.h")]
    [StructLayout(LayoutKind.Sequential)]
    public struct sockaddr_ll
    {
        public ushort sll_family;
        public ushort sll_protocol;
        public int sll_ifindex;
        public ushort sll_hatype;
        public byte sll_pkttype;
        public byte sll_halen;
        public fixed byte sll_addr[8];
    }

    /// <summary><c>struct tpacket_req</c>, linux/if_packet.h.</summary>
    [KernelHeader("linux/if_packet.h")]
    [StructLayout(LayoutKind.Sequential)]
    public struct tpacket_req
    {
        public uint tp_block_size;
        public uint tp_block_nr;
        public uint tp_frame_size;
        public uint tp_frame_nr;
    }

    /// <summary><c>struct tpacket2_hdr</c>, linux/if_packet.h; a sockaddr_ll follows at the next multiple of 16.</summary>
    [KernelHeader("linux/if_packet.h")]
    [StructLayout(LayoutKind.Sequential)]
    public struct tpacket2_hdr
    {
        public uint tp_status;
        public uint tp_len;
        public uint tp_snaplen;
        public ushort tp_mac;
        public ushort tp_net;
        public uint tp_sec;
        public uint tp_nsec;
        public ushort tp_vlan_tci;
        public ushort tp_vlan_tpid;
        public uint tp_padding;
    }

    /// <summary><c>struct tpacket_stats</c>, linux/if_packet.h. Reading it sets the kernel's counters to 0.</summary>
    [KernelHeader("linux/if_packet.h")]
    [StructLayout(LayoutKind.Sequential)]
    public struct tpacket_stats
    {
        public uint tp_packets;
        public uint tp_drops;
    }

    /// <summary><c>struct sock_fprog</c>, linux/filter.h.</summary>
    [KernelHeader("linux/filter.h")]
    [StructLayout(LayoutKind.Sequential)]
    public struct sock_fprog
    {
        public ushort len;
        public SockFilter* filter;
    }

    /// <summary><c>struct iovec</c>, bits/types/struct_iovec.h.</summary>
    [KernelHeader("sys/socket.h")]
    [StructLayout(LayoutKind.Sequential)]
    public struct iovec
    {
        public byte* iov_base;
        public nuint iov_len;
    }

    /// <summary><c>struct msghdr</c>, bits/socket.h.</summary>
    [KernelHeader("sys/socket.h")]
    [StructLayout(LayoutKind.Sequential)]
    public struct msghdr
    {
        public void* msg_name;
        public uint msg_namelen;
        public iovec* msg_iov;
        public nuint msg_iovlen;
        public void* msg_control;
        public nuint msg_controllen;
        public int msg_flags;
    }

    /// <summary><c>struct mmsghdr</c>, bits/socket.h.</summary>
    [KernelHeader("sys/socket.h")]
    [StructLayout(LayoutKind.Sequential)]
    public struct mmsghdr
    {
        public msghdr msg_hdr;
        public uint msg_len;
    }

    /// <summary><c>struct cmsghdr</c>, bits/socket.h; the data follows.</summary>
    [KernelHeader("sys/socket.h")]
    [StructLayout(LayoutKind.Sequential)]
    public struct cmsghdr
    {
        public nuint cmsg_len;
        public int cmsg_level;
        public int cmsg_type;
    }

    /// <summary><c>struct sockaddr_in</c>, linux/in.h.</summary>
    [KernelHeader("netinet/in.h")]
    [StructLayout(LayoutKind.Sequential)]
    public struct sockaddr_in
    {
        public ushort sin_family;
        public ushort sin_port;
        public fixed byte sin_addr[4];
        public fixed byte sin_zero[8];
    }

    /// <summary><c>struct sockaddr_in6</c>, linux/in6.h.</summary>
    [KernelHeader("netinet/in.h")]
    [StructLayout(LayoutKind.Sequential)]
    public struct sockaddr_in6
    {
        public ushort sin6_family;
        public ushort sin6_port;
        public uint sin6_flowinfo;
        public fixed byte sin6_addr[16];
        public uint sin6_scope_id;
    }
}
