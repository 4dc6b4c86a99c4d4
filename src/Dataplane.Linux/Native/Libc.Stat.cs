using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Linux.Native;

internal static unsafe partial class Libc
{
    // fcntl.h, sys/stat.h
    public const int AT_EMPTY_PATH = 0x1000, AT_SYMLINK_NOFOLLOW = 0x100, AT_FDCWD = -100;
    public const uint STATX_INO = 0x100, STATX_TYPE = 1, STATX_SIZE = 0x200;

    /// <summary>
    /// <c>struct statx</c>, sys/stat.h: the fields that are read here. The same on every architecture.
    /// </summary>
    [KernelHeader("sys/stat.h")]
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    public struct statx
    {
        [FieldOffset(28)] public ushort stx_mode;
        [FieldOffset(32)] public ulong stx_ino;
        [FieldOffset(40)] public ulong stx_size;
        [FieldOffset(136)] public uint stx_dev_major;
        [FieldOffset(140)] public uint stx_dev_minor;
    }

    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int stat(SafeFileHandle directory, string path, int flags, uint mask, statx* result);
}
