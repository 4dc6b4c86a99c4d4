using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Linux.Files;

/// <summary>What the runtime has no call for: the names in a directory, and whose it is.</summary>
public static unsafe class DurableDirectory
{
    /// <summary>Names that were made, renamed or removed in the directory survive a power loss from now on (fsync(2)).</summary>
    /// <exception cref="LinuxException">ENOENT, EACCES, or EIO: the disk failed.</exception>
    public static void Sync(string path)
    {
        using var directory = new SafeFileHandle(LinuxException.Check(Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_DIRECTORY, 0), $"open {path}"), ownsHandle: true);
        LinuxException.Check(Libc.fsync(directory), $"write {path} to disk");
    }

    /// <summary>Gives a file to a group; the owner stays.</summary>
    /// <exception cref="LinuxException">EPERM: neither root nor the owner and a member.</exception>
    public static void ChangeGroup(string path, uint group) => LinuxException.Check(Libc.chown(path, uint.MaxValue, group), $"give {path} to group {group}");
}
