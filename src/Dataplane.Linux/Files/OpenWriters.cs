using System.Runtime.InteropServices;
using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Linux.Files;

/// <summary>Whether somebody has a file open for writing, by the kernel's own account.</summary>
public static class OpenWriters
{
    private const int SeekCurrent = 1; // SEEK_CUR, unistd.h

    /// <summary>
    /// fcntl(2), F_SETLEASE: a read lease is refused with EAGAIN as long as any process can write through a descriptor. It is given
    /// back at once; whoever wants to open the file meanwhile waits for that moment.
    /// </summary>
    /// <returns>False also where the file system has no leases, or the file is not ours (EINVAL, EACCES).</returns>
    /// <exception cref="LinuxException">The file cannot be opened. ESPIPE: it is none, but a pipe or the like, whose reader would wait.</exception>
    public static bool Any(string path)
    {
        using var file = new SafeFileHandle(LinuxException.Check(Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NONBLOCK, 0), $"open {path}"), ownsHandle: true);
        if (Libc.lseek(file, 0, SeekCurrent) < 0) throw new LinuxException($"read {path}", Marshal.GetLastPInvokeError());
        // Should somebody come in between, the kernel tells us; its usual way, SIGIO, would end the process.
        if (Libc.fcntl(file, Libc.F_SETSIG, Libc.SIGURG) < 0) return false;
        if (Libc.fcntl(file, Libc.F_SETLEASE, Libc.F_RDLCK) < 0) return Marshal.GetLastPInvokeError() == Errno.EAGAIN;
        Libc.fcntl(file, Libc.F_SETLEASE, Libc.F_UNLCK);
        return false;
    }
}
