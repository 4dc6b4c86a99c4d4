using Dataplane.Linux.Native;

namespace Dataplane.Linux.Namespaces;

/// <summary>A process that lives longer than the terminal, or the daemon, from which it was started.</summary>
public static class OwnSession
{
    /// <summary>setsid(2): what a terminal sends to its programs does not reach this process any more.</summary>
    /// <exception cref="LinuxException">EPERM: it leads a process group already.</exception>
    public static void Begin() => LinuxException.Check(Libc.setsid(), "setsid");
}
