using System.Runtime.InteropServices;
using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Linux.Files;

/// <summary>Identifies an open file, socket or pipe: st_dev and st_ino of stat(2).</summary>
public readonly record struct FileIdentity(ulong Device, ulong Inode)
{
    /// <exception cref="LinuxException">EBADF: the descriptor is not open.</exception>
    public static unsafe FileIdentity Of(SafeHandle descriptor)
    {
        using var file = new SafeFileHandle(descriptor.DangerousGetHandle(), ownsHandle: false);
        Libc.statx found;
        LinuxException.Check(Libc.stat(file, "", Libc.AT_EMPTY_PATH, Libc.STATX_INO, &found), "look at a descriptor");
        GC.KeepAlive(descriptor);
        return new FileIdentity(DeviceNumber(found.stx_dev_major, found.stx_dev_minor), found.stx_ino);
    }

    /// <summary>Decimal, as <c>stat -c %d:%i</c> prints it.</summary>
    public override string ToString() => $"{Device}:{Inode}";

    /// <summary>makedev(3) of the C library.</summary>
    private static ulong DeviceNumber(ulong major, ulong minor) =>
        (minor & 0xff) | ((major & 0xfff) << 8) | ((minor & ~0xfful) << 12) | ((major & ~0xffful) << 32);
}
