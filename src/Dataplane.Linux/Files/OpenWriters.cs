using System.Runtime.InteropServices;
using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;

namespace Dataplane.Linux.Files;

/// <summary>Tells whether a process has a file open for writing.</summary>
public static class OpenWriters
{
    /// <summary>
    /// fcntl(2), F_SETLEASE: a read lease is refused with EAGAIN as long as any process can write through a descriptor.
    /// It is released at once; a process that opens the file meanwhile waits until then.
    /// </summary>
    /// <returns>False also where the file system has no leases, or the file belongs to another user (EINVAL,
    /// EACCES).</returns>
    /// <exception cref="LinuxException">The file cannot be opened. ESPIPE: it is a pipe or the like, whose reader would
    /// wait.</exception>
    public static bool Any(string path)
    {
        using var file = new SafeFileHandle(LinuxException.Check(
            HomeLibc.Open(path, LibC.O_RDONLY | LibC.O_NONBLOCK), $"open {path}"), ownsHandle: true);
        if (HomeLibc.Seek(file, 0, LibC.SEEK_CUR) < 0)
            throw new LinuxException($"read {path}", Marshal.GetLastPInvokeError());
        // A process that opens the file meanwhile breaks the lease, which the kernel signals; by default with SIGIO,
        // which ends the process.
        if (HomeLibc.Control(file, LibC.F_SETSIG, LibC.SIGURG) < 0) return false;
        if (HomeLibc.Control(file, LibC.F_SETLEASE, LibC.F_RDLCK) < 0)
            return Marshal.GetLastPInvokeError() == Errno.EAGAIN;
        HomeLibc.Control(file, LibC.F_SETLEASE, LibC.F_UNLCK);
        return false;
    }
}
