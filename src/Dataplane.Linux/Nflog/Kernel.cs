using System.Runtime.InteropServices;
using Dataplane.Linux.Native;

namespace Dataplane.Linux.Nflog;

[KernelHeader("linux/netfilter/nfnetlink.h linux/netfilter/nfnetlink_log.h")]
internal static class Nfulnl
{
    public const int NFNL_SUBSYS_ULOG = 4, NFULNL_MSG_PACKET = 0, NFULNL_MSG_CONFIG = 1;
    public const int NFULA_CFG_CMD = 1, NFULA_CFG_MODE = 2, NFULA_CFG_QTHRESH = 5, NFULA_CFG_FLAGS = 6;
    public const byte NFULNL_CFG_CMD_BIND = 1, NFULNL_COPY_PACKET = 2;
    public const ushort NFULNL_CFG_F_SEQ = 1;
    public const int NFULA_PACKET_HDR = 1, NFULA_MARK = 2, NFULA_IFINDEX_INDEV = 4, NFULA_IFINDEX_OUTDEV = 5;
    public const int NFULA_IFINDEX_PHYSINDEV = 6, NFULA_IFINDEX_PHYSOUTDEV = 7, NFULA_HWADDR = 8, NFULA_PAYLOAD = 9,
        NFULA_PREFIX = 10, NFULA_SEQ = 12;
}

/// <summary>The value of NFULA_CFG_MODE.</summary>
[KernelHeader("linux/types.h linux/netfilter/nfnetlink_log.h")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct nfulnl_msg_config_mode
{
    /// <summary>Big-endian.</summary>
    public uint copy_range;
    public byte copy_mode;
    public byte _pad;
}

/// <summary>The value of NFULA_PACKET_HDR.</summary>
[KernelHeader("linux/types.h linux/netfilter/nfnetlink_log.h")]
[StructLayout(LayoutKind.Sequential)]
internal struct nfulnl_msg_packet_hdr
{
    /// <summary>Big-endian.</summary>
    public ushort hw_protocol;
    public byte hook;
    public byte _pad;
}
