using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;

namespace Dataplane.Linux.Files;

/// <summary>Tells descriptors that this process was started with from those that it has opened.</summary>
public static class InheritedDescriptor
{
    /// <summary>
    /// Whether a standard stream was open at the start. Where it was closed, the runtime's own files have its number:
    /// they are closed by execve(2), and what a process inherits never is.
    /// </summary>
    public static bool Is(int descriptor)
    {
        using var file = new SafeFileHandle(descriptor, ownsHandle: false);
        return HomeLibc.Control(file, LibC.F_GETFD, 0) is var flags and >= 0 && (flags & LibC.FD_CLOEXEC) == 0;
    }
}
