using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;

namespace Dataplane.Linux.Files;

/// <summary>Calls that .NET lacks: writing a directory to disk, and changing a file's group.</summary>
public static class DurableDirectory
{
    /// <summary>
    /// Writes the directory to disk: what was created, renamed or removed in it survives a power loss (fsync(2)).
    /// </summary>
    /// <exception cref="LinuxException">ENOENT, EACCES, or EIO: the disk failed.</exception>
    public static void Sync(string path)
    {
        using var directory = new SafeFileHandle(LinuxException.Check(
            HomeLibc.Open(path, LibC.O_RDONLY | LibC.O_DIRECTORY), $"open {path}"), ownsHandle: true);
        LinuxException.Check(HomeLibc.Sync(directory), $"write {path} to disk");
    }

    /// <summary>Changes the group of a file and keeps its owner.</summary>
    /// <exception cref="LinuxException">EPERM: neither root nor the owner and a member.</exception>
    public static void ChangeGroup(string path, uint group) =>
        LinuxException.Check(HomeLibc.ChangeOwner(path, uint.MaxValue, group), $"give {path} to group {group}");
}
