using System.Diagnostics;
using Dataplane.Control.Metering;
using Dataplane.Node.Repairs;
using Microsoft.Extensions.Logging;

namespace Dataplane.Control.Reconcile;

/// <summary>Finds what other processes changed on the node, and puts it back.</summary>
internal sealed class Repairer(
    ManagedNode node, WorkQueue queue, Housekeeping housekeeping, DataplaneMeters meters, ILogger log)
{
    /// <summary>Repairs that a snapshot lists.</summary>
    private const int KeptRepairs = 50;

    /// <summary>How long one check goes through sets of the kernel, milliseconds; it checks at least one.</summary>
    private const int CheckFor = 2;

    /// <summary>1: a <see cref="RepairItem"/> is in the queue.</summary>
    private int _isQueued;

    /// <summary>Queues a repair of what is suspected. Called by any thread.</summary>
    public void Suspect()
    {
        if (Interlocked.Exchange(ref _isQueued, 1) == 0) queue.Add(new RepairItem());
    }

    /// <summary>Looks where a change is suspected.</summary>
    public void RepairSuspected() => Repair(node.Live.RepairSuspected);

    /// <summary>
    /// Looks at one pod, and says what differed; null: no such pod is attached, or it could not be repaired.
    /// </summary>
    public IReadOnlyList<Repair>? LookAt(string pod)
    {
        IReadOnlyList<Repair>? found = null;
        Repair(() => (found = node.Live.LookAt(pod)) ?? []);
        return found;
    }

    /// <summary>Looks at everything.</summary>
    public void RepairAll() => Repair(node.Live.Repair);

    /// <summary>Compares some sets with the compiled content, since some changes cause no notice.</summary>
    /// <returns>How long the comparison took.</returns>
    public TimeSpan Check()
    {
        var started = Stopwatch.GetTimestamp();
        bool isAsCompiled;
        do isAsCompiled = node.Live.Check();
        while (isAsCompiled && Stopwatch.GetElapsedTime(started).TotalMilliseconds < CheckFor);
        var took = Stopwatch.GetElapsedTime(started);
        if (!isAsCompiled) RepairSuspected();
        return took;
    }

    private void Repair(Func<IReadOnlyList<Repair>> look)
    {
        // Before looking: a change that comes meanwhile needs a repair of its own.
        Interlocked.Exchange(ref _isQueued, 0);
        housekeeping.Repaired(Environment.TickCount64);
        try
        {
            var repairs = look();
            // After looking: it may find changes that came while it looked.
            var now = DateTimeOffset.UtcNow;
            foreach (var repair in repairs) Log.Repaired(log, repair.What, repair.Found);
            var broken = node.Live.Broken;
            var before = node.Snapshot;
            foreach (var fresh in broken.Except(before.Broken)) Log.RepairFailed(log, fresh);
            if (repairs.Count == 0 && broken.SequenceEqual(before.Broken)) return;
            if (repairs.Count > 0) meters.Repairs.Add(repairs.Count);
            var newest = repairs.Select(r => new TimedRepair(now, r)).Reverse();
            node.Publish(before with
            {
                Repairs = [.. newest.Concat(before.Repairs).Take(KeptRepairs)],
                RepairsTotal = before.RepairsTotal + repairs.Count,
                Broken = broken,
                Pods = node.Live.Pods,
            });
        }
        catch (Exception e) when (ManagedNode.IsRefusal(e))
        {
            // What cannot be repaired part by part is enforced anew.
            Log.RepairFailed(log, e.Message);
            node.Invalidate($"what somebody else changed cannot be repaired: {e.Message}");
        }
    }
}
