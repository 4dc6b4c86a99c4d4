using System.Runtime.InteropServices;

namespace Dataplane.Linux.Native;

/// <summary>State of the kernel's clock.</summary>
[KernelHeader("sys/timex.h")]
public static unsafe partial class KernelClock
{
    private const int TIME_ERROR = 5;

    /// <summary>Whether a time service synchronizes the clock (adjtimex(2)).</summary>
    public static bool IsSynchronized()
    {
        // struct timex has 208 bytes on 64-bit machines; modes 0 at its head only reads.
        var timex = stackalloc byte[256];
        new Span<byte>(timex, 256).Clear();
        return adjtimex(timex) is >= 0 and not TIME_ERROR;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int adjtimex(byte* buffer);
}
