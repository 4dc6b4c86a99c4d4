using System.Runtime.InteropServices;

namespace Dataplane.Linux.Native;

internal static unsafe partial class Libc
{
    // bits/socket.h
    public const int AF_UNSPEC = 0, AF_UNIX = 1, AF_INET = 2, AF_BRIDGE = 7, AF_INET6 = 10, AF_NETLINK = 16;
    public const int SOCK_STREAM = 1, SOCK_RAW = 3, SOCK_CLOEXEC = 0x80000;
    public const int MSG_TRUNC = 0x20, MSG_DONTWAIT = 0x40, MSG_NOSIGNAL = 0x4000;
    public const int SOL_SOCKET = 1, SO_RCVTIMEO = 20, SO_SNDTIMEO = 21;

    // linux/netlink.h
    public const int SOL_NETLINK = 270;
    public const int NETLINK_ADD_MEMBERSHIP = 1, NETLINK_LISTEN_ALL_NSID = 8, NETLINK_CAP_ACK = 10,
        NETLINK_EXT_ACK = 11, NETLINK_GET_STRICT_CHK = 12;

    // fcntl.h, poll.h
    public const int O_RDONLY = 0, O_WRONLY = 1, O_CREAT = 0x40, O_EXCL = 0x80, O_NONBLOCK = 0x800,
        O_CLOEXEC = 0x80000;
    public const short POLLIN = 1;

    // sched.h, sys/mount.h
    public const int CLONE_FS = 0x200, CLONE_NEWNS = 0x20000, CLONE_NEWUTS = 0x4000000, CLONE_NEWNET = 0x40000000;
    public const int MS_RDONLY = 1, MS_BIND = 4096, MS_REC = 16384, MS_SLAVE = 1 << 19;
    public const int MNT_DETACH = 2;

    /// <summary><c>struct sockaddr_nl</c>, linux/netlink.h.</summary>
    [KernelHeader("linux/netlink.h")]
    [StructLayout(LayoutKind.Sequential)]
    public struct sockaddr_nl
    {
        public ushort nl_family;
        public ushort nl_pad;
        public uint nl_pid;
        public uint nl_groups;
    }

    /// <summary><c>struct pollfd</c>, poll.h.</summary>
    [KernelHeader("poll.h")]
    [StructLayout(LayoutKind.Sequential)]
    public struct pollfd
    {
        public int fd;
        public short events;
        public short revents;
    }
}
