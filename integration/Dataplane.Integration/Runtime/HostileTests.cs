using System.Diagnostics;
using System.Globalization;
using Dataplane.Linux.Cgroups;
using Dataplane.Linux.Programs;
using Dataplane.Runtime.Logs;

namespace Dataplane.Integration.Runtime;

/// <summary>Programs that mean harm: they harm themselves, and are ended.</summary>
public sealed class HostileTests
{
    [Fact]
    public async Task A_fork_bomb_is_ended_with_all_that_it_has_made()
    {
        await using var lab = await SupervisorLab.Start();
        RequireGroups();
        await lab.Set(lab.Script("echo on; b() { b | b & }; b; exec sleep 1000",
            podMore: "terminationGracePeriodSeconds: 0"));
        await lab.Set(lab.Script("exec sleep 1000", name: "other"));
        await lab.Until("Running");
        var other = await lab.Until("Running", "other");
        lab.UntilLogged("on");
        await lab.Delete();
        await lab.UntilGone();
        Assert.Equal(other.Processes, (await lab.Until("Running", "other")).Processes);
    }

    [Fact]
    public async Task What_leaves_its_parent_and_its_session_ends_with_the_container()
    {
        await using var lab = await SupervisorLab.Start();
        RequireGroups();
        var mark = Guid.NewGuid().ToString("N");
        await lab.Set(lab.Script(
            $"setsid sh -c 'trap \"\" TERM HUP; (sleep 1000 {mark} & ) ; "
            + $"sh -c \"while :; do sleep 0.1; done # {mark}\"' & sleep 0.05; exit 4",
            podMore: "restartPolicy: Never"));
        var report = await lab.Until(r => r.Status?.Word == "Error");
        Assert.Empty(report.Processes);
        Assert.Empty(Processes(mark));
    }

    [Fact]
    public async Task A_flood_of_a_gigabyte_is_bounded_on_disk_and_others_are_heard()
    {
        await using var lab = await SupervisorLab.Start();
        var over = lab.Files.Directory + "/over";
        await lab.Set(lab.Script(
            $"yes $(head -c 200 /dev/zero | tr '\\0' x) | head -c 1073741824; echo; echo over; touch {over}; "
            + "exec sleep 1000"));
        await lab.Set(lab.Script("while :; do echo here; sleep 0.05; done", name: "other"));
        await lab.Until("Running");
        await lab.Until("Running", "other");
        var (heard, most) = (lab.Log("other").Length, 0L);
        var watch = Stopwatch.StartNew();
        SupervisorLab.Until(() =>
        {
            most = Math.Max(most, Size());
            return File.Exists(over);
        });
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"1 GiB in {watch.Elapsed}, {most} bytes on disk, others: {lab.Log("other").Length - heard} lines, "
            + $"RSS {Kilobytes(lab.ProcessId)} kB");
        Assert.InRange(most, 1, 2 * (LogFile.DefaultBytes + (64 << 10)));
        Assert.True(lab.Log("other").Length > heard);
        lab.UntilLogged("over");

        long Size() => Directory.GetFiles(Path.GetDirectoryName(lab.Files.LogOf("x", "p", "a"))!)
            .Where(f => Path.GetFileName(f).StartsWith("log", StringComparison.Ordinal))
            .Sum(f => File.Exists(f) ? new FileInfo(f).Length : 0);
    }

    [Fact]
    public async Task Memory_beyond_the_limit_ends_the_container_and_is_told()
    {
        await using var lab = await SupervisorLab.Start();
        RequireGroups();
        await lab.Set(lab.Script("exec tail /dev/zero", "resources: {limits: {memory: 32Mi}}",
            podMore: "restartPolicy: Never"));
        var report = await lab.Until(r => r.Status?.Word == "OOMKilled");
        Assert.Empty(report.Processes);
    }

    [Fact]
    public Task Containers_that_end_again_and_again_leave_nothing() => EndAgainAndAgain(10);

    /// <summary>In `make soak`, with the published program: a start of the other one costs 0.25 s.</summary>
    [Fact(Explicit = true)]
    public Task Two_hundred_containers_that_end_again_and_again_cost_little_and_leave_nothing() =>
        EndAgainAndAgain(200);

    private static async Task EndAgainAndAgain(int count)
    {
        await using var lab = await SupervisorLab.Start();
        var before = Cpu(lab.ProcessId);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < count; i++) await lab.Set(lab.Script("exit 1", name: $"c{i}"));
        for (var i = 0; i < count; i++) await lab.Until("CrashLoopBackOff", $"c{i}");
        var starts = watch.Elapsed;
        for (var i = 0; i < count; i++) await lab.Until(r => r.Status?.Restarts >= 2, $"c{i}");
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{2 * count} starts in {starts}; supervisor: {(Cpu(lab.ProcessId) - before).TotalSeconds:f2} s of a "
            + $"processor in {watch.Elapsed}, RSS {Kilobytes(lab.ProcessId)} kB"));
        // No child is left that nobody waits for.
        SupervisorLab.Until(() => Children(lab.ProcessId).All(c => ProcessHandle.StartTicksOf(c) is not null));
    }

    /// <summary>In `make soak`.</summary>
    [Fact(Explicit = true)]
    public async Task Its_memory_is_told()
    {
        await using var lab = await SupervisorLab.Start();
        var idle = Kilobytes(lab.ProcessId);
        for (var i = 0; i < 100; i++) await lab.Set(lab.Script("exec sleep 1000", name: $"c{i}"));
        for (var i = 0; i < 100; i++) await lab.Until("Running", $"c{i}");
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"RSS idle {idle} kB, with 100 pods {Kilobytes(lab.ProcessId)} kB");
        Assert.InRange(Kilobytes(lab.ProcessId), 1, 128 << 10);
    }

    private static void RequireGroups()
    {
        var name = $"dptest-{Guid.NewGuid():N}";
        var tree = CgroupTree.Open(name);
        Assert.SkipWhen(tree is null, "no control groups can be made here");
        tree.Remove();
    }

    private static IEnumerable<string> Processes(string mark) => Directory.GetDirectories("/proc")
        .Where(d => char.IsDigit(Path.GetFileName(d)[0]))
        .Select(d =>
        {
            try
            {
                return File.ReadAllText($"{d}/cmdline");
            }
            catch (IOException)
            {
                return "";
            }
        }).Where(c => c.Contains(mark, StringComparison.Ordinal));

    private static IEnumerable<int> Children(int id) => File.ReadAllText($"/proc/{id}/task/{id}/children")
        .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(c => int.Parse(c, CultureInfo.InvariantCulture));

    private static int Kilobytes(int id)
    {
        var line = File.ReadLines($"/proc/{id}/status").First(l => l.StartsWith("VmRSS", StringComparison.Ordinal));
        return int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    private static TimeSpan Cpu(int id)
    {
        using var process = Process.GetProcessById(id);
        return process.TotalProcessorTime;
    }
}
