using System.Runtime.CompilerServices;
using Dataplane.Linux.Native;

namespace Dataplane.Linux.Capture;

/// <summary>
/// Keeps the current thread on one CPU until disposed. Packets that one CPU sends keep their order: backlogs are per CPU. A ref struct,
/// so that it cannot cross an <c>await</c> and be disposed on another thread; do not let it live across one by other means.
/// </summary>
public readonly unsafe ref struct CpuPinning
{
    private readonly Mask _before;

    private CpuPinning(Mask before, int cpu)
    {
        _before = before;
        Cpu = cpu;
    }

    public int Cpu { get; }

    /// <param name="cpu">The CPU, from 0; null: the one the thread runs on now.</param>
    /// <exception cref="LinuxException">EINVAL: no such CPU, or not one this process may use.</exception>
    public static CpuPinning PinCurrentThread(int? cpu = null)
    {
        var before = Current();
        var target = cpu ?? LinuxException.Check(PacketLibc.sched_getcpu(), "ask for the current CPU");
        ArgumentOutOfRangeException.ThrowIfNegative(target, nameof(cpu));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(target, Mask.Words * 64, nameof(cpu));
        var mask = new Mask();
        mask[target / 64] = 1UL << (target % 64);
        LinuxException.Check(PacketLibc.sched_setaffinity(0, (nuint)sizeof(Mask), (ulong*)&mask), $"pin to CPU {target}");
        return new CpuPinning(before, target);
    }

    /// <summary>The CPUs that the current thread may run on, in order.</summary>
    /// <exception cref="LinuxException">EINVAL: more than 1,024 CPUs.</exception>
    public static IReadOnlyList<int> Allowed()
    {
        var mask = Current();
        var cpus = new List<int>();
        for (var cpu = 0; cpu < Mask.Words * 64; cpu++)
            if ((mask[cpu / 64] >> (cpu % 64) & 1) != 0) cpus.Add(cpu);
        return cpus;
    }

    public void Dispose()
    {
        var before = _before;
        LinuxException.Check(PacketLibc.sched_setaffinity(0, (nuint)sizeof(Mask), (ulong*)&before), "restore the CPU affinity");
    }

    private static Mask Current()
    {
        var mask = new Mask();
        LinuxException.Check(PacketLibc.sched_getaffinity(0, (nuint)sizeof(Mask), (ulong*)&mask), "read the CPU affinity");
        return mask;
    }

    /// <summary><c>cpu_set_t</c>, bits/cpu-set.h: 1,024 CPUs.</summary>
    [InlineArray(Words)]
    private struct Mask
    {
        public const int Words = 16;
        private ulong _word;
    }
}
