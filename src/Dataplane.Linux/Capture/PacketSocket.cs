using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Linux.Capture;

/// <summary>What the ring and the injector do alike to an AF_PACKET socket.</summary>
internal static unsafe class PacketSocket
{
    /// <summary>A SOCK_RAW packet socket of a namespace (null: this one) that receives nothing before it is bound.</summary>
    public static SafeFileHandle Open(Netns? netns) => OpenSocket(netns, PacketLibc.AF_PACKET, 0);

    /// <summary>A raw socket of a namespace, or of this one.</summary>
    public static SafeFileHandle OpenSocket(Netns? netns, int domain, int protocol) =>
        netns is not null
            ? netns.OpenSocket(domain, Libc.SOCK_RAW, protocol)
            : new SafeFileHandle(LinuxException.Check(Libc.socket(domain, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, protocol), "open a socket"), ownsHandle: true);

    public static void Attach(SafeFileHandle socket, SockFilter[] filter)
    {
        fixed (SockFilter* instructions = filter)
        {
            var program = new PacketLibc.sock_fprog { len = (ushort)filter.Length, filter = instructions };
            LinuxException.Check(
                Libc.setsockopt(socket, Libc.SOL_SOCKET, PacketLibc.SO_ATTACH_FILTER, &program, (uint)sizeof(PacketLibc.sock_fprog)), "attach a capture filter");
        }
    }

    /// <param name="interfaceIndex">0: all interfaces.</param>
    /// <param name="protocol">In network byte order; 0 receives nothing.</param>
    public static void Bind(SafeFileHandle socket, int interfaceIndex, ushort protocol)
    {
        var address = new PacketLibc.sockaddr_ll { sll_family = PacketLibc.AF_PACKET, sll_protocol = protocol, sll_ifindex = interfaceIndex };
        LinuxException.Check(Libc.bind(socket, &address, (uint)sizeof(PacketLibc.sockaddr_ll)), $"bind a packet socket to interface {interfaceIndex}");
    }
}
