using System.Diagnostics;
using Dataplane.Linux.Cgroups;

namespace Dataplane.Integration.Linux;

/// <summary>Control groups of this machine, whatever version they are of.</summary>
public sealed class CgroupTests : IDisposable
{
    private readonly CgroupTree _tree;

    public CgroupTests()
    {
        var tree = CgroupTree.Open($"dptest-{Guid.NewGuid():N}");
        Assert.SkipWhen(tree is null, "no control groups can be made here");
        _tree = tree;
    }

    public void Dispose()
    {
        foreach (var group in _tree.All)
        {
            group.Kill();
            Until(() => TryRemove(group));
        }
        _tree.Remove();
    }

    [Fact]
    public void A_fork_bomb_stays_in_its_group_and_goes_with_it()
    {
        var group = _tree.Make("bomb", new CgroupLimits(40, null, null));
        using var bomb = Start(group, "b() { b | b & b; }; b");
        Until(() => group.Members.Count > 30);
        Assert.InRange(group.Members.Count, 31, 40);
        group.Kill();
        Assert.Empty(group.Members);
        bomb.WaitForExit();
        Assert.Equal([group.Name], _tree.All.Select(g => g.Name));
    }

    [Fact]
    public void What_leaves_its_parent_and_its_session_is_ended_too()
    {
        var group = _tree.Make("orphans", new CgroupLimits(100, null, null));
        using var parent = Start(group, "setsid sleep 1000 & (setsid sh -c 'trap \"\" TERM; sleep 1000' &) ; exit 3");
        parent.WaitForExit();
        Assert.Equal(3, parent.ExitCode);
        Assert.NotEmpty(group.Members);
        group.Kill();
        Assert.Empty(group.Members);
    }

    [Fact]
    public void Memory_beyond_the_limit_ends_who_takes_it()
    {
        var group = _tree.Make("memory", new CgroupLimits(100, 32 << 20, 500));
        Assert.Equal(0, group.OutOfMemory);
        using var eater = Start(group, "exec tail /dev/zero");
        eater.WaitForExit();
        Assert.Equal(128 + 9, eater.ExitCode);
        Assert.Equal(1, group.OutOfMemory);
    }

    [Fact]
    public void One_that_is_gone_has_nothing_in_it()
    {
        var group = _tree.Make("gone", new CgroupLimits(10, null, null));
        Assert.Empty(group.Members);
        group.Remove();
        group.Kill();
        Assert.Empty(group.Members);
        Assert.Empty(_tree.All);
        group.Remove();
    }

    private static Process Start(Cgroup group, string script)
    {
        var enter = string.Concat(group.MemberFiles.Select(f => $"echo 0 > {f} && "));
        return Process.Start(new ProcessStartInfo("sh", ["-c", $"{enter} {{ {script}; }}"])
        {
            RedirectStandardError = true,
        })!;
    }

    private static bool TryRemove(Cgroup group)
    {
        try
        {
            group.Remove();
            return true;
        }
        catch (IOException)
        {
            // Processes that nobody waited for yet.
            return false;
        }
    }

    private static void Until(Func<bool> holds) => Assert.True(SpinWait.SpinUntil(holds, TimeSpan.FromSeconds(60)));
}
