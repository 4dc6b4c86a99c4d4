using System.Runtime.InteropServices;

namespace Dataplane.Linux.Native;

/// <summary>What the kernel counts its timeouts by.</summary>
[KernelHeader("time.h")]
public static unsafe partial class KernelTicks
{
    private const int CLOCK_MONOTONIC_COARSE = 6;

    /// <summary>CONFIG_HZ: the coarse clocks are as exact as a tick is long (clock_getres(2)).</summary>
    public static uint PerSecond { get; } = Ask();

    private static uint Ask()
    {
        var tick = default(timespec);
        LinuxException.Check(clock_getres(CLOCK_MONOTONIC_COARSE, &tick), "ask how long a tick of the kernel is");
        return (uint)Math.Round(TimeSpan.FromSeconds(1).TotalNanoseconds / tick.tv_nsec);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int clock_getres(int clock, timespec* resolution);

    [StructLayout(LayoutKind.Sequential)]
    private struct timespec
    {
        public long tv_sec;
        public long tv_nsec;
    }
}
