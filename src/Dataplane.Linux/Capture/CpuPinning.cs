using Dataplane.Linux.Native;
using Tmds.Linux;

namespace Dataplane.Linux.Capture;

/// <summary>
/// Keeps the current thread on one CPU until disposed. Packets that one CPU sends keep their order: backlogs are per
/// CPU. A ref struct, so that it cannot cross an <c>await</c> and be disposed on another thread; do not keep it across
/// one by other means.
/// </summary>
public readonly unsafe ref struct CpuPinning
{
    /// <summary>CPU_SETSIZE: how many CPUs a cpu_set_t has room for.</summary>
    private const int MaxCpus = 1024;

    private readonly cpu_set_t _before;

    private CpuPinning(cpu_set_t before, int cpu)
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
        var target = cpu ?? LinuxException.Check(LibC.sched_getcpu(), "ask for the current CPU");
        ArgumentOutOfRangeException.ThrowIfNegative(target, nameof(cpu));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(target, MaxCpus, nameof(cpu));
        var mask = default(cpu_set_t);
        LibC.CPU_SET(target, &mask);
        LinuxException.Check(LibC.sched_setaffinity(0, sizeof(cpu_set_t), &mask), $"pin to CPU {target}");
        return new CpuPinning(before, target);
    }

    /// <summary>The CPUs that the current thread may run on, in order.</summary>
    /// <exception cref="LinuxException">EINVAL: more than 1,024 CPUs.</exception>
    public static IReadOnlyList<int> Allowed()
    {
        var mask = Current();
        var cpus = new List<int>();
        for (var cpu = 0; cpu < MaxCpus; cpu++)
            if (LibC.CPU_ISSET(cpu, &mask)) cpus.Add(cpu);
        return cpus;
    }

    public void Dispose()
    {
        var before = _before;
        LinuxException.Check(LibC.sched_setaffinity(0, sizeof(cpu_set_t), &before), "restore the CPU affinity");
    }

    private static cpu_set_t Current()
    {
        var mask = default(cpu_set_t);
        LinuxException.Check(LibC.sched_getaffinity(0, sizeof(cpu_set_t), &mask), "read the CPU affinity");
        return mask;
    }
}
