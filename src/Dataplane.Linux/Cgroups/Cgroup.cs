using System.Globalization;
using Dataplane.Linux.Native;
using Dataplane.Linux.Programs;

namespace Dataplane.Linux.Cgroups;

/// <summary>A control group: processes that are bounded and ended together, and what they start with them.</summary>
public sealed class Cgroup
{
    private const int CpuPeriodMicroseconds = 100_000, LeastCpuMicroseconds = 1_000;

    private readonly CgroupTree _tree;

    internal Cgroup(CgroupTree tree, IReadOnlyList<string> directories) => (_tree, Directories) = (tree, directories);

    public string Name => Path.GetFileName(Directories[0]);

    /// <summary>A process that writes 0 to all of them is in the group, with all that it starts from then on.</summary>
    public IReadOnlyList<string> MemberFiles => [.. Directories.Select(d => $"{d}/cgroup.procs")];

    /// <summary>The processes in it; one that has ended and is not waited for yet is none.</summary>
    public IReadOnlyList<int> Members => !Directory.Exists(Directories[0]) ? []
        : [.. File.ReadAllLines(MemberFiles[0]).Select(l => int.Parse(l, CultureInfo.InvariantCulture)).Distinct()];

    /// <summary>How many of its processes the kernel has ended because their memory reached its limit.</summary>
    public long OutOfMemory => Number(_tree.IsUnified ? "memory.events" : "memory.oom_control", "oom_kill ");

    internal IReadOnlyList<string> Directories { get; }

    /// <summary>
    /// Ends all of its processes, and comes back when none is left: nothing new can start in it meanwhile, and never
    /// again.
    /// </summary>
    /// <exception cref="IOException">The group cannot be written to.</exception>
    public void Kill()
    {
        // The kernel takes some time for each.
        while (!BeginKill()) Thread.Yield();
    }

    /// <summary>As <see cref="Kill()"/>, without waiting.</summary>
    /// <returns>Whether none is left.</returns>
    /// <exception cref="IOException">The group cannot be written to.</exception>
    public bool BeginKill()
    {
        if (!Directory.Exists(Directories[0]) || Members is not { Count: > 0 } members) return true;
        // A fork bomb is faster than who ends its processes one by one.
        Write("pids.max", "0");
        foreach (var member in members) ProcessHandle.Signal(member, Libc.SIGKILL);
        return false;
    }

    /// <summary>Removes it.</summary>
    /// <exception cref="IOException">EBUSY: a process is in it, or is not waited for yet.</exception>
    public void Remove()
    {
        foreach (var directory in Directories.Where(Directory.Exists)) Directory.Delete(directory);
    }

    internal void Limit(CgroupLimits limits)
    {
        Write("pids.max", CgroupTree.Text(limits.Processes));
        var memory = limits.MemoryBytes is { } bytes ? CgroupTree.Text(bytes) : null;
        Write(_tree.IsUnified ? "memory.max" : "memory.limit_in_bytes", memory ?? (_tree.IsUnified ? "max" : "-1"));
        if (!_tree.HasCpu) return;
        var quota = limits.MilliCpus is { } thousandths
            ? CgroupTree.Text(Math.Max(LeastCpuMicroseconds, thousandths * CpuPeriodMicroseconds / 1000)) : null;
        if (_tree.IsUnified)
        {
            Write("cpu.max", $"{quota ?? "max"} {CgroupTree.Text(CpuPeriodMicroseconds)}");
            return;
        }
        Write("cpu.cfs_period_us", CgroupTree.Text(CpuPeriodMicroseconds));
        Write("cpu.cfs_quota_us", quota ?? "-1");
    }

    /// <summary>The file is in the one directory that has it.</summary>
    private string PathOf(string file) =>
        Directories.Select(d => $"{d}/{file}").FirstOrDefault(File.Exists) ?? $"{Directories[0]}/{file}";

    private void Write(string file, string text) => File.WriteAllText(PathOf(file), text);

    private long Number(string file, string key) => File.ReadAllLines(PathOf(file))
        .Where(l => l.StartsWith(key, StringComparison.Ordinal))
        .Select(l => long.Parse(l.AsSpan(key.Length), CultureInfo.InvariantCulture)).FirstOrDefault();
}
