using Dataplane.Linux.Native;

namespace Dataplane.Control.Reconcile;

/// <summary>
/// When an idle daemon gives memory back to the machine: a change leaves garbage of several times its size, and the
/// collector has no reason to run while nothing is allocated.
/// </summary>
internal sealed class IdleMemory
{
    /// <summary>
    /// Milliseconds of idleness before memory is given back: after small changes, and after many objects at once.
    /// </summary>
    private const int After = 2000, Soon = 100;

    /// <summary>This many objects at once are worth giving memory back soon.</summary>
    private const int ManyObjects = 1000;

    /// <summary>Bytes allocated since the last time that make it worthwhile.</summary>
    private const long Worthwhile = 8 << 20;

    /// <summary>What had been allocated when memory was given back last, bytes.</summary>
    private long _allocatedBefore;

    /// <summary><see cref="long.MaxValue"/>: there is nothing to give back.</summary>
    public long DueAt { get; private set; } = long.MaxValue;

    /// <summary>From this time on it is done before queued work; <see cref="long.MaxValue"/>: never.</summary>
    public long OverdueAt { get; private set; } = long.MaxValue;

    /// <summary>Work was done: waits for idleness again.</summary>
    /// <param name="objects">Number of objects that were changed.</param>
    /// <param name="allocated">Bytes that the process has allocated so far.</param>
    public void Worked(int objects, long allocated, long now)
    {
        if (objects >= ManyObjects && OverdueAt == long.MaxValue) OverdueAt = now + Housekeeping.Patience;
        if (OverdueAt != long.MaxValue) DueAt = now + Soon;
        else if (allocated - _allocatedBefore >= Worthwhile) DueAt = now + After;
    }

    public void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
        NativeHeap.Trim();
        Done(GC.GetTotalAllocatedBytes());
    }

    internal void Done(long allocated) =>
        (DueAt, OverdueAt, _allocatedBefore) = (long.MaxValue, long.MaxValue, allocated);
}
