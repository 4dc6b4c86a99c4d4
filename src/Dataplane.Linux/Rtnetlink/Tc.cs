using System.Runtime.InteropServices;
using Dataplane.Linux.Native;

namespace Dataplane.Linux.Rtnetlink;

[KernelHeader("linux/rtnetlink.h")]
[StructLayout(LayoutKind.Sequential)]
internal struct tcmsg
{
    public byte tcm_family;
    public byte tcm__pad1;
    public ushort tcm__pad2;
    public int tcm_ifindex;
    public uint tcm_handle;
    public uint tcm_parent;
    public uint tcm_info;
}

/// <summary>Numbers of traffic control.</summary>
[KernelHeader("linux/rtnetlink.h linux/pkt_sched.h linux/pkt_cls.h")]
internal static class Tc
{
    public const ushort RTM_NEWQDISC = 36, RTM_NEWTFILTER = 44, RTM_DELTFILTER = 45, RTM_GETTFILTER = 46;
    public const uint TC_H_CLSACT = 0xffff_fff1, TC_H_MIN_INGRESS = 0xfff2;
    public const int TCA_KIND = 1, TCA_OPTIONS = 2, TCA_BPF_FD = 6, TCA_BPF_NAME = 7, TCA_BPF_FLAGS = 8,
        TCA_BPF_TAG = 10, TCA_BPF_ID = 11;
    public const uint TCA_BPF_FLAG_ACT_DIRECT = 1;
}
