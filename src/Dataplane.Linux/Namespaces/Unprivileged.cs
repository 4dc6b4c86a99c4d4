using Dataplane.Linux.Native;

namespace Dataplane.Linux.Namespaces;

/// <summary>A process that needed privileges to start, and needs them no more.</summary>
public static unsafe class Unprivileged
{
    /// <summary>
    /// The user that owns no file and, as Debian has it, no group either: nobody and nogroup.
    /// </summary>
    public const uint Nobody = 65534;

    /// <summary>
    /// Makes all threads those of <see cref="Nobody"/>, for good: whoever is no longer root has no capability left
    /// (capabilities(7), "Effect of user ID changes"). What is open stays open.
    /// </summary>
    /// <exception cref="LinuxException">EPERM: CAP_SETUID or CAP_SETGID is missing.</exception>
    public static void Become()
    {
        LinuxException.Check(Libc.setgroups(0, null), "setgroups");
        LinuxException.Check(Libc.setresgid(Nobody, Nobody, Nobody), "setresgid");
        LinuxException.Check(Libc.setresuid(Nobody, Nobody, Nobody), "setresuid");
    }
}
