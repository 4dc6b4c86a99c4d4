using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;

namespace Dataplane.Linux.Capture;

/// <summary>Raw and packet sockets: what the ring and the injectors share.</summary>
internal static unsafe class PacketSocket
{
    /// <summary>
    /// A SOCK_RAW packet socket of a namespace (null: this one) that receives nothing before it is bound.
    /// </summary>
    public static SafeFileHandle Open(Netns? netns) => OpenSocket(netns, LibC.AF_PACKET, 0);

    /// <summary>A raw socket of a namespace, or of this one.</summary>
    public static SafeFileHandle OpenSocket(Netns? netns, int domain, int protocol) =>
        netns is not null
            ? netns.OpenSocket(domain, Libc.SOCK_RAW, protocol)
            : new SafeFileHandle(LinuxException.Check(
                Libc.socket(domain, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, protocol), "open a socket"), ownsHandle: true);

    public static void Attach(SafeFileHandle socket, SockFilter[] filter)
    {
        fixed (SockFilter* instructions = filter)
        {
            var program = new PacketLibc.sock_fprog { len = (ushort)filter.Length, filter = instructions };
            LinuxException.Check(
                HomeLibc.SetOption(socket, LibC.SOL_SOCKET, LibC.SO_ATTACH_FILTER, program), "attach a capture filter");
        }
    }

    /// <param name="index">None: all interfaces.</param>
    /// <param name="protocol">In network byte order; 0 receives nothing.</param>
    public static void Bind(SafeFileHandle socket, InterfaceIndex index, ushort protocol)
    {
        var address = new sockaddr_ll { sll_family = (ushort)LibC.AF_PACKET, sll_protocol = protocol,
            sll_ifindex = index.Value };
        LinuxException.Check(HomeLibc.Bind(socket, address), $"bind a packet socket to interface {index}");
    }
}
