using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;

namespace Dataplane.Linux.Native;

/// <content>Messages with addresses and control data: the calls are made once for each packet.</content>
internal static unsafe partial class Libc
{
    /// <summary><c>struct mmsghdr</c>, bits/socket.h. That of Tmds.LibC cannot be filled in place.</summary>
    [KernelHeader("sys/socket.h")]
    [StructLayout(LayoutKind.Sequential)]
    public struct mmsghdr
    {
        public msghdr msg_hdr;
        public uint msg_len;
    }

    [LibraryImport(Library, SetLastError = true)]
    public static partial int sendmmsg(SafeFileHandle fd, mmsghdr* messages, uint count, int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint sendto(
        SafeFileHandle fd, byte* buffer, nuint length, int flags, void* address, uint addressLength);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint recvmsg(SafeFileHandle fd, msghdr* message, int flags);
}
