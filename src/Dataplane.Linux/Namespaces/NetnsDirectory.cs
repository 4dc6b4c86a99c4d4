using System.Runtime.InteropServices;
using Dataplane.Linux.Native;
using Tmds.Linux;

namespace Dataplane.Linux.Namespaces;

/// <summary>
/// The directory of named namespaces, shared with <c>ip netns</c>: a name is a file that a namespace is bind-mounted
/// on.
/// </summary>
internal static class NetnsDirectory
{
    public const string Root = "/run/netns";
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

    /// <summary>Unmounts and unlinks. Stacked mounts are removed one by one; a missing name is no error.</summary>
    public static void Remove(string path)
    {
        while (HomeLibc.Unmount(path, LibC.MNT_DETACH) == 0)
        {
        }

        // EINVAL: nothing is mounted there, or no longer.
        if (Marshal.GetLastPInvokeError() is var errno and not (Errno.EINVAL or Errno.ENOENT))
        {
            throw new LinuxException($"unmount {path}", errno);
        }

        if (HomeLibc.Unlink(path) < 0 && Marshal.GetLastPInvokeError() is var error and not Errno.ENOENT)
        {
            throw new LinuxException($"unlink {path}", error);
        }
    }
}
