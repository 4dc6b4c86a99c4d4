using System.Runtime.InteropServices;
using Dataplane.Linux.Native;

namespace Dataplane.Linux.Netlink;

/// <summary>The header of every message. All fields in host byte order.</summary>
[KernelHeader("linux/netlink.h")]
[StructLayout(LayoutKind.Sequential)]
internal struct nlmsghdr
{
    public const int Size = 16;

    public uint nlmsg_len;
    public ushort nlmsg_type;
    public ushort nlmsg_flags;
    public uint nlmsg_seq;
    public uint nlmsg_pid;
}

/// <summary>The fixed header of every netfilter message.</summary>
[KernelHeader("linux/netfilter/nfnetlink.h")]
[StructLayout(LayoutKind.Sequential)]
internal struct nfgenmsg
{
    public byte nfgen_family;
    public byte version;

    /// <summary>Big-endian.</summary>
    public ushort res_id;
}

/// <summary>NLM_F_*, linux/netlink.h. Values above 0xff mean different things in GET and NEW requests.</summary>
public static class NetlinkFlags
{
    public const ushort Request = 0x1, Multi = 0x2, Ack = 0x4, Echo = 0x8, DumpInterrupted = 0x10;
    public const ushort Root = 0x100, Match = 0x200, Dump = Root | Match;
    public const ushort Replace = 0x100, Exclusive = 0x200, Create = 0x400, Append = 0x800;
}

/// <summary>Socket protocols, linux/netlink.h.</summary>
public static class NetlinkProtocol
{
    public const int Route = 0, Netfilter = 12;
}

/// <summary>Message types common to all protocols, linux/netlink.h.</summary>
public static class NetlinkType
{
    public const ushort Noop = 1, Error = 2, Done = 3, Overrun = 4;
}
