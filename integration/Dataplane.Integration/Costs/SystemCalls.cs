using System.Globalization;
using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Integration.Costs;

/// <summary>
/// Counts the system calls that the calling thread and the one that visits namespaces make, as the kernel sees them: an
/// instance of its own of the tracer (ftrace, tracefs), with the event raw_syscalls:sys_enter for these threads alone.
/// What the .NET runtime does for itself - memory, locks, signals - is left out.
/// </summary>
internal sealed class SystemCalls : IDisposable
{
    /// <summary>arch/x86/entry/syscalls/syscall_64.tbl</summary>
    private static readonly Dictionary<int, string> Names = new()
    {
        [0] = "read", [1] = "write", [2] = "open", [3] = "close", [5] = "fstat", [7] = "poll", [8] = "lseek",
        [17] = "pread64", [18] = "pwrite64", [41] = "socket", [44] = "sendto", [45] = "recvfrom", [46] = "sendmsg",
        [47] = "recvmsg", [49] = "bind", [51] = "getsockname", [54] = "setsockopt", [72] = "fcntl", [73] = "flock",
        [83] = "mkdir", [87] = "unlink", [165] = "mount", [166] = "umount2", [257] = "openat", [262] = "newfstatat",
        [272] = "unshare", [308] = "setns", [321] = "bpf",
    };

    /// <summary>
    /// Of the runtime: mmap, mprotect, munmap, brk, rt_sigaction, rt_sigprocmask, sched_yield, madvise, getpid, gettid,
    /// futex, tgkill, sched_getaffinity, getcpu, membarrier.
    /// </summary>
    private static readonly HashSet<int> Runtime = [9, 10, 11, 12, 13, 14, 24, 28, 39, 186, 202, 234, 204, 309, 324];

    private const int O_TRUNC = 0x200; // asm-generic/fcntl.h

    private readonly string _directory;
    private SafeFileHandle? _switch;

    private SystemCalls(string directory) => _directory = directory;

    /// <summary>Skips the test where the kernel has no such events, or hides them from us.</summary>
    public static SystemCalls Counter()
    {
        var root = new[] { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" }
            .FirstOrDefault(d => Directory.Exists($"{d}/instances"));
        Assert.SkipWhen(root is null, "no tracefs at /sys/kernel/tracing: system calls cannot be counted");
        Assert.SkipUnless(File.Exists($"{root}/events/raw_syscalls/sys_enter/enable"),
            "the kernel has no event raw_syscalls:sys_enter: system calls cannot be counted");
        Assert.SkipUnless(System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture
            == System.Runtime.InteropServices.Architecture.X64, "system calls have other numbers here");
        var counter =
            new SystemCalls($"{root}/instances/dataplane-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}");
        try
        {
            Directory.CreateDirectory(counter._directory);
            counter._switch = File.OpenHandle($"{counter._directory}/tracing_on", FileMode.Open, FileAccess.ReadWrite);
            counter.Write("events/raw_syscalls/sys_enter/enable", "1");
            Assert.SkipWhen(counter.Count(() => File.Exists("/")).Total == 0,
                "the tracer does not know our threads: this process is in a namespace of process numbers of its own");
            return counter;
        }
        catch (UnauthorizedAccessException e)
        {
            counter.Dispose();
            Assert.Skip($"{e.Message}: system calls cannot be counted");
            throw;
        }
        catch
        {
            counter.Dispose();
            throw;
        }
    }

    /// <summary>What it takes. Bytes are those that the calling thread allocates.</summary>
    public Counted Count(Action action)
    {
        long allocated = 0;
        var calls = Record(() =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        });
        return new Counted(calls.CountBy(c => c).ToDictionary(), allocated);
    }

    public void Dispose()
    {
        _switch?.Dispose();
        if (Directory.Exists(_directory)) Directory.Delete(_directory);
    }

    private List<string> Record(Action action)
    {
        Write("set_event_pid", string.Join('\n', Threads()));
        // What was recorded goes when the file is opened with O_TRUNC, which File never does.
        new SafeFileHandle(LinuxException.Check(Libc.open($"{_directory}/trace", Libc.O_WRONLY | O_TRUNC, 0),
            "empty the tracer"), ownsHandle: true).Dispose();
        RandomAccess.Write(_switch!, "1"u8, 0);
        try
        {
            action();
        }
        finally
        {
            RandomAccess.Write(_switch!, "0"u8, 0);
        }
        List<string> calls = [];
        foreach (var line in File.ReadLines($"{_directory}/trace"))
        {
            // "# entries-in-buffer/entries-written: 70/70   #P:2"
            if (line.StartsWith("# entries", StringComparison.Ordinal)
                && line.Split(':')[1].Trim().Split(' ', '/') is var entries
                && entries[0] != entries[1])
            {
                throw new InvalidOperationException($"more calls than the tracer has room for: {line}");
            }
            // "   netns-26159   [000] ..... 34346.691405: sys_enter: NR 33 (b, 1, 55edfa9559bc, 0, 7, b)"
            if (line.IndexOf("sys_enter: NR ", StringComparison.Ordinal) is var at and >= 0
                && int.Parse(line[(at + "sys_enter: NR ".Length)..].Split(' ')[0],
                    CultureInfo.InvariantCulture) is var number && !Runtime.Contains(number))
            {
                calls.Add(Names.GetValueOrDefault(number) ?? $"call {number}");
            }
        }
        // The one that switches the tracer off.
        if (calls is [.., "pwrite64"]) calls.RemoveAt(calls.Count - 1);
        return calls;
    }

    private static IEnumerable<string> Threads() => Directory.GetDirectories("/proc/self/task")
        .Where(t => File.ReadAllText($"{t}/comm") == "netns\n")
        .Select(t => Path.GetFileName(t))
        .Append(Path.GetFileName(File.ResolveLinkTarget("/proc/thread-self", returnFinalTarget: false)!.FullName));

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_directory, file), text);
}

/// <summary>How often each system call was made, and bytes allocated.</summary>
internal sealed record Counted(IReadOnlyDictionary<string, int> Calls, long Allocated)
{
    public int Total => Calls.Values.Sum();

    public string List => $"{Total} calls: "
        + $"{string.Join(", ", Calls.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Value} {c.Key}"))}";

    /// <summary>
    /// What both took at the least: the first time code is loaded, now and then the runtime looks at files of its own,
    /// and what has to be waited for is asked for more than once.
    /// </summary>
    public static Counted Least(Counted a, Counted b) =>
        new(a.Total <= b.Total ? a.Calls : b.Calls, Math.Min(a.Allocated, b.Allocated));
}
