using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Linux.Files;

/// <summary>The type of a file, inode(7).</summary>
public static class FileType
{
    private const ushort S_IFMT = 0xf000, S_IFSOCK = 0xc000;

    /// <summary>False for a missing file, and for a symbolic link whatever it leads to.</summary>
    public static unsafe bool IsSocket(string path)
    {
        using var current = new SafeFileHandle(Libc.AT_FDCWD, ownsHandle: false);
        Libc.statx found;
        return Libc.stat(current, path, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_TYPE, &found) == 0
            && (found.stx_mode & S_IFMT) == S_IFSOCK;
    }
}
