using System.Runtime.InteropServices;
using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Linux.Capture;

/// <summary>The part of libc that only packet and raw sockets need, beside <see cref="Libc"/>.</summary>
[KernelHeader("sys/socket.h poll.h linux/if_packet.h netinet/in.h sys/mman.h")]
internal static unsafe partial class PacketLibc
{
    private const string Library = "libc";

    // bits/socket.h, asm-generic/socket.h, poll.h
    public const int AF_PACKET = 17;
    public const int SO_ERROR = 4, SO_ATTACH_FILTER = 26;
    public const short POLLERR = 8;

    // linux/if_packet.h
    public const int SOL_PACKET = 263;
    public const int PACKET_RX_RING = 5, PACKET_STATISTICS = 6, PACKET_VERSION = 10, PACKET_QDISC_BYPASS = 20;
    public const int TPACKET_V2 = 1;
    public const uint TP_STATUS_KERNEL = 0, TP_STATUS_USER = 1;

    // linux/in.h, linux/in6.h
    public const int IPPROTO_IPV6 = 41, IPPROTO_RAW = 255;
    public const int IPV6_RECVPKTINFO = 49, IPV6_PKTINFO = 50;

    // sys/mman.h
    public const int PROT_READ = 1, PROT_WRITE = 2, MAP_SHARED = 1, MAP_POPULATE = 0x8000;

    /// <summary>ETH_P_ALL in network byte order, as bind wants it.</summary>
    public static ushort AllProtocols => BitConverter.IsLittleEndian ? (ushort)0x0300 : (ushort)0x0003;

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint mmap(nint address, nuint length, int protection, int flags, SafeFileHandle fd, nint offset);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int munmap(nint address, nuint length);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int getsockopt(SafeFileHandle fd, int level, int name, void* value, uint* length);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int sendmmsg(SafeFileHandle fd, mmsghdr* messages, uint count, int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint sendto(SafeFileHandle fd, byte* buffer, nuint length, int flags, void* address, uint addressLength);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint recvmsg(SafeFileHandle fd, msghdr* message, int flags);

    [LibraryImport(Library)]
    public static partial int sched_yield();

    [LibraryImport(Library, SetLastError = true)]
    public static partial int sched_getcpu();

    [LibraryImport(Library, SetLastError = true)]
    public static partial int sched_getaffinity(int thread, nuint size, ulong* mask);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int sched_setaffinity(int thread, nuint size, ulong* mask);

    /// <summary>setsockopt with an int.</summary>
    public static void SetOption(SafeFileHandle fd, int level, int name, int value, string operation) =>
        LinuxException.Check(Libc.setsockopt(fd, level, name, &value, sizeof(int)), operation);

    /// <summary>Waits until the socket is readable. False when the time is over or a signal came; throws what the socket reports as its error.</summary>
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

            if (ready > 0 && (entry.revents & POLLERR) != 0)
            {
                int error;
                uint length = sizeof(int);
                LinuxException.Check(getsockopt(fd, Libc.SOL_SOCKET, SO_ERROR, &error, &length), operation);
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
