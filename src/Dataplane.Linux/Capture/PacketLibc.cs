using System.Runtime.InteropServices;
using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;

namespace Dataplane.Linux.Capture;

/// <summary>
/// The calls and constants of packet and raw sockets that neither <see cref="Libc"/> nor Tmds.LibC has.
/// </summary>
[KernelHeader("netinet/in.h linux/if_packet.h")]
internal static unsafe partial class PacketLibc
{
    private const string Library = "libc";

    // linux/if_packet.h
    public const int TPACKET_V2 = 1;
    public const uint TP_STATUS_KERNEL = 0, TP_STATUS_USER = 1;

    // linux/in6.h, for the comparison of each packet
    public const int IPPROTO_IPV6 = 41, IPV6_PKTINFO = 50;

    /// <summary>ETH_P_ALL in network byte order, as bind wants it.</summary>
    public static ushort AllProtocols => BitConverter.IsLittleEndian ? (ushort)0x0300 : (ushort)0x0003;

    [LibraryImport(Library)]
    public static partial int sched_yield();

    /// <summary>setsockopt with an int.</summary>
    public static void SetOption(SafeFileHandle fd, int level, int name, int value, string operation) =>
        LinuxException.Check(HomeLibc.SetOption(fd, level, name, value), operation);

    /// <summary>
    /// Waits until the socket is readable. False when the time is over or a signal came; throws what the socket reports
    /// as its error.
    /// </summary>
    public static bool WaitReadable(SafeFileHandle fd, int timeoutMilliseconds, string operation)
    {
        var held = false;
        try
        {
            fd.DangerousAddRef(ref held);
            var entry = new Libc.pollfd { fd = (int)fd.DangerousGetHandle(), events = Libc.POLLIN };
            var ready = Libc.poll(&entry, 1, timeoutMilliseconds);
            if (ready < 0 && Marshal.GetLastPInvokeError() is var errno and not Errno.EINTR)
            {
                throw new LinuxException(operation, errno);
            }

            if (ready > 0 && (entry.revents & LibC.POLLERR) != 0)
            {
                LinuxException.Check(HomeLibc.GetOption(fd, LibC.SOL_SOCKET, LibC.SO_ERROR, out int error), operation);
                if (error != 0)
                {
                    throw new LinuxException(operation, error);
                }
            }

            return ready > 0 && (entry.revents & Libc.POLLIN) != 0;
        }
        finally
        {
            if (held)
            {
                fd.DangerousRelease();
            }
        }
    }
}
