using System.Runtime.InteropServices;
using Dataplane.Linux.Files;
using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;

namespace Dataplane.Linux.Namespaces;

/// <summary>
/// The directory of named namespaces, shared with <c>ip netns</c>: a name is a file that a namespace is bind-mounted
/// on.
/// </summary>
internal static class NetnsDirectory
{
    public const string Root = "/run/netns";

    /// <summary>The device number of the file system in which all namespaces are.</summary>
    private static readonly ulong Namespaces = DeviceOf("/proc/self/ns/net");

    private static readonly Lock Gate = new();
    private static bool ready;

    /// <exception cref="ArgumentException">The name is not one path component of 1 to 255 characters.</exception>
    public static string PathOf(string name) =>
        name.Length is 0 or > 255 || name is "." or ".." || name.AsSpan().ContainsAny('/', '\0')
            ? throw new ArgumentException($"'{name}' cannot name a network namespace.", nameof(name))
            : $"{Root}/{name}";

    /// <summary>
    /// Makes the directory, and makes it a shared mount as iproute2's <c>netns_add</c> does, so that other mount
    /// namespaces see what is bound and unbound here.
    /// </summary>
    public static void Prepare()
    {
        lock (Gate)
        {
            if (ready)
            {
                return;
            }

            if (HomeLibc.MakeDirectory(Root, 0x1ed /* 0755 */) < 0
                && Marshal.GetLastPInvokeError() is var errno and not Errno.EEXIST)
            {
                throw new LinuxException($"create {Root}", errno);
            }

            if (HomeLibc.Mount("", Root, LibC.MS_SHARED | LibC.MS_REC) < 0)
            {
                if (Marshal.GetLastPInvokeError() is var refusal and not Errno.EINVAL)
                {
                    throw new LinuxException($"make {Root} a shared mount", refusal);
                }

                // EINVAL: it is no mount point yet, as on a fresh system or in a container.
                LinuxException.Check(HomeLibc.Mount(Root, Root, LibC.MS_BIND | LibC.MS_REC), $"bind {Root} on itself");
                LinuxException.Check(
                    HomeLibc.Mount("", Root, LibC.MS_SHARED | LibC.MS_REC), $"make {Root} a shared mount");
            }

            ready = true;
        }
    }

    /// <summary>
    /// Unmounts and unlinks. Stacked namespaces are unmounted one by one; a missing name is no error. Only namespaces
    /// are unmounted, and only an empty file is deleted, as one is made to mount a namespace on.
    /// </summary>
    /// <exception cref="LinuxException">EEXIST: something else is there, and stays.</exception>
    public static void Remove(string path)
    {
        while (Find(path) is { IsInvalid: false } found)
        {
            using (found)
            {
                if (FileIdentity.Of(found).Device != Namespaces)
                {
                    if (FileType.IsEmpty(found)) break;
                    throw new LinuxException($"remove {path}", Errno.EEXIST, "it is no network namespace, and stays");
                }
            }

            LinuxException.Check(HomeLibc.Unmount(path, LibC.MNT_DETACH | LibC.UMOUNT_NOFOLLOW), $"unmount {path}");
        }

        if (HomeLibc.Unlink(path) < 0 && Marshal.GetLastPInvokeError() is var error and not Errno.ENOENT)
        {
            throw new LinuxException($"unlink {path}", error);
        }
    }

    /// <summary>What has the name, links not followed; invalid: nothing has.</summary>
    private static SafeFileHandle Find(string path)
    {
        var fd = HomeLibc.Open(path, LibC.O_PATH | LibC.O_NOFOLLOW);
        return fd >= 0 || Marshal.GetLastPInvokeError() == Errno.ENOENT ? new SafeFileHandle(fd, ownsHandle: true)
            : throw LinuxException.Last($"look at {path}");
    }

    private static ulong DeviceOf(string path)
    {
        using var file = new SafeFileHandle(
            LinuxException.Check(HomeLibc.Open(path, LibC.O_RDONLY), $"open {path}"), ownsHandle: true);
        return FileIdentity.Of(file).Device;
    }
}
