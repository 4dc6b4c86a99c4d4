using System.Runtime.InteropServices;

namespace Dataplane.Linux.Native;

/// <summary>State of the kernel's clock.</summary>
[KernelHeader("sys/timex.h")]
public static unsafe partial class KernelClock
{
    private const int TIME_ERROR = 5, CLOCK_MONOTONIC_COARSE = 6, NanosecondsPerSecond = 1_000_000_000;

    /// <summary>
    /// CONFIG_HZ, by which the kernel counts its timeouts: the coarse clocks are as exact as a tick is long
    /// (clock_getres(2)).
    /// </summary>
    public static uint TicksPerSecond { get; } = AskTicksPerSecond();

    /// <summary>Whether a time service synchronizes the clock (adjtimex(2)).</summary>
    public static bool IsSynchronized()
    {
        // struct timex has 208 bytes on 64-bit machines; modes 0 at its head only reads.
        var timex = stackalloc byte[256];
        new Span<byte>(timex, 256).Clear();
        return adjtimex(timex) is >= 0 and not TIME_ERROR;
    }

    private static uint AskTicksPerSecond()
    {
        var tick = default(timespec);
        LinuxException.Check(clock_getres(CLOCK_MONOTONIC_COARSE, &tick), "ask how long a tick of the kernel is");
        return (uint)Math.Round((double)NanosecondsPerSecond / tick.tv_nsec);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int adjtimex(byte* buffer);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int clock_getres(int clock, timespec* resolution);

    /// <summary><c>struct timespec</c> of 64-bit machines, linux/time.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct timespec
    {
        public long tv_sec;
        public long tv_nsec;
    }
}
