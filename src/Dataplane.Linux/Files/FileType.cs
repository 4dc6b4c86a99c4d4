using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Linux.Files;

/// <summary>The type of a file, inode(7).</summary>
public static unsafe class FileType
{
    private const ushort S_IFMT = 0xf000, S_IFSOCK = 0xc000, S_IFREG = 0x8000, S_IFBLK = 0x6000, S_IFDIR = 0x4000,
        S_IFCHR = 0x2000, S_IFIFO = 0x1000;

    /// <summary>False for a missing file, and for a symbolic link whatever it leads to.</summary>
    public static bool IsSocket(string path)
    {
        using var current = new SafeFileHandle(Libc.AT_FDCWD, ownsHandle: false);
        return Of(current, path, Libc.AT_SYMLINK_NOFOLLOW) == S_IFSOCK;
    }

    /// <inheritdoc cref="IsSocket"/>
    public static bool IsSocketOrPipe(string path)
    {
        using var current = new SafeFileHandle(Libc.AT_FDCWD, ownsHandle: false);
        return Of(current, path, Libc.AT_SYMLINK_NOFOLLOW) is S_IFSOCK or S_IFIFO;
    }

    /// <summary>Whether an open file is a pipe.</summary>
    internal static bool IsPipe(SafeFileHandle file) => Of(file, "", Libc.AT_EMPTY_PATH) == S_IFIFO;

    /// <summary>What an open file is, for messages; null: a regular file.</summary>
    /// <exception cref="LinuxException">EBADF: the descriptor is not open.</exception>
    internal static string? NameOfOther(SafeFileHandle file) => Of(file, "", Libc.AT_EMPTY_PATH) switch
    {
        S_IFREG => null,
        S_IFDIR => "a directory",
        S_IFIFO => "a pipe",
        S_IFSOCK => "a socket",
        S_IFCHR => "a character device",
        S_IFBLK => "a block device",
        null => throw LinuxException.Last("look at a file"),
        _ => "of an unknown type",
    };

    /// <summary>Whether an open file is a regular file without content.</summary>
    /// <exception cref="LinuxException">EBADF: the descriptor is not open.</exception>
    internal static bool IsEmpty(SafeFileHandle file)
    {
        Libc.statx found;
        LinuxException.Check(Libc.stat(file, "", Libc.AT_EMPTY_PATH, Libc.STATX_TYPE | Libc.STATX_SIZE, &found),
            "look at a file");
        return (found.stx_mode & S_IFMT) == S_IFREG && found.stx_size == 0;
    }

    /// <returns>Null: the call failed.</returns>
    private static int? Of(SafeFileHandle directory, string path, int flags)
    {
        Libc.statx found;
        return Libc.stat(directory, path, flags, Libc.STATX_TYPE, &found) == 0 ? found.stx_mode & S_IFMT : null;
    }
}
