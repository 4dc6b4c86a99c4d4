using Dataplane.Control.Reconcile;

namespace Dataplane.Daemon.Tests.Reconcile;

/// <summary>When housekeeping is due. Times are milliseconds; no test waits.</summary>
public sealed class HousekeepingTests
{
    private const int Many = 1000;

    [Fact]
    public void A_check_is_due_every_two_seconds_and_comes_first_after_one_more()
    {
        var housekeeping = new Housekeeping(now: 0);
        Assert.Equal(2000, housekeeping.NextAt(isBroken: false));
        Assert.Equal(Chore.None, housekeeping.Due(1999, isBroken: false));
        Assert.Equal(Chore.Check, housekeeping.Due(2000, isBroken: false));
        Assert.True(housekeeping.CanWait(2999));
        Assert.False(housekeeping.CanWait(3000));
        housekeeping.Checked(TimeSpan.FromMilliseconds(2), now: 3000);
        Assert.Equal(5000, housekeeping.NextAt(isBroken: false));
    }

    [Fact]
    public void A_slow_check_has_a_hundredth_of_the_time()
    {
        var housekeeping = new Housekeeping(now: 0);
        housekeeping.Checked(TimeSpan.FromMilliseconds(50), now: 2000);
        Assert.Equal(7000, housekeeping.NextAt(isBroken: false));
    }

    [Fact]
    public void A_retry_waits_longer_each_time_and_keeps_its_time()
    {
        var retry = new Housekeeping(now: 0).Retry;
        retry.Settle(isDone: false, now: 0);
        Assert.Equal(1000, retry.DueAt);
        retry.Settle(isDone: false, now: 900);
        Assert.Equal(1000, retry.DueAt);
        var delays = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            delays.Add(retry.Delay.TotalSeconds);
            retry.Failed(now: 0);
        }
        Assert.Equal([1, 2, 4, 8, 16, 30, 30], delays);
        Assert.Equal(30_000, retry.DueAt);
        retry.Succeeded();
        retry.Settle(isDone: true, now: 0);
        Assert.Equal((long.MaxValue, 1), (retry.DueAt, retry.Delay.TotalSeconds));
    }

    [Fact]
    public void A_due_retry_comes_before_requests_and_before_all_else()
    {
        var housekeeping = new Housekeeping(now: 0);
        housekeeping.Retry.Settle(isDone: false, now: 0);
        Assert.True(housekeeping.CanWait(999));
        Assert.False(housekeeping.CanWait(1000));
        Assert.Equal(Chore.Retry, housekeeping.Due(5000, isBroken: true));
    }

    [Fact]
    public void Broken_pods_are_repaired_again_after_two_seconds()
    {
        var housekeeping = new Housekeeping(now: 0);
        housekeeping.Checked(TimeSpan.Zero, now: 60_000);
        housekeeping.Repaired(now: 10_000);
        Assert.Equal(Chore.None, housekeeping.Due(11_999, isBroken: true));
        Assert.Equal(Chore.RepairBroken, housekeeping.Due(12_000, isBroken: true));
        Assert.Equal(Chore.None, housekeeping.Due(12_000, isBroken: false));
        Assert.Equal(12_000, housekeeping.NextAt(isBroken: true));
        Assert.Equal(62_000, housekeeping.NextAt(isBroken: false));
    }

    [Fact]
    public void Memory_is_given_back_once_idle_if_enough_was_allocated()
    {
        var memory = new IdleMemory();
        memory.Worked(1, allocated: (8 << 20) - 1, now: 0);
        Assert.Equal(long.MaxValue, memory.DueAt);
        memory.Worked(1, allocated: 8 << 20, now: 100);
        Assert.Equal((2100, long.MaxValue), (memory.DueAt, memory.OverdueAt));
        memory.Worked(1, allocated: 8 << 20, now: 500);
        Assert.Equal(2500, memory.DueAt);
        memory.Done(allocated: 8 << 20);
        memory.Worked(1, allocated: 9 << 20, now: 600);
        Assert.Equal(long.MaxValue, memory.DueAt);
    }

    [Fact]
    public void After_many_objects_memory_is_given_back_soon_and_requests_delay_it_by_a_second_at_most()
    {
        var housekeeping = new Housekeeping(now: 0);
        var memory = housekeeping.Memory;
        memory.Worked(Many, allocated: 0, now: 0);
        Assert.Equal((100, 1000), (memory.DueAt, memory.OverdueAt));
        memory.Worked(1, allocated: 0, now: 950);
        Assert.Equal((1050, 1000), (memory.DueAt, memory.OverdueAt));
        Assert.True(housekeeping.CanWait(999));
        Assert.False(housekeeping.CanWait(1000));
        Assert.Equal(Chore.GiveMemoryBack, housekeeping.Due(1000, isBroken: false));
    }
}
