using System.Runtime.InteropServices;
using Dataplane.Linux.Native;

namespace Dataplane.Linux.Capture;

internal static unsafe partial class PacketLibc
{
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

    /// <summary>
    /// <c>struct tpacket2_hdr</c>, linux/if_packet.h; a sockaddr_ll follows at the next multiple of 16.
    /// </summary>
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
}
