using Dataplane.Daemon.Api;
using Dataplane.Daemon.Observation;
using Dataplane.Linux.Native;
using Dataplane.Node.Live;
using Dataplane.Node.Network;

namespace Dataplane.Daemon.Reconcile;

internal sealed partial class Reconciler
{
    /// <summary>Brings the node to the desired state that is stored. A refusal is shown and tried again later; what is not enforced is closed.</summary>
    private void Enforce()
    {
        try
        {
            var change = _node.Apply(_plan.Cluster);
            DataplaneMeters.Transaction.Record(change.Transaction.TotalSeconds);
            Enforced(change);
            if (change.Unfinished is not null)
            {
                RetryLater();
                return;
            }
            _retryIn = FirstRetry;
            Log.EnforcedAtStart(_log, _plan.State.Generation, _plan.Cluster.Pods.Count);
        }
        catch (Exception e) when (IsRefusal(e))
        {
            Show(Picture with { Problem = e.Message, Pods = _node.Pods });
            Log.NotEnforced(_log, _plan.State.Generation, e.Message, _retryIn.TotalSeconds);
            RetryLater();
        }
    }

    private void RetryLater()
    {
        _retryAt = Environment.TickCount64 + (long)_retryIn.TotalMilliseconds;
        _retryIn = _retryIn * 2 < LastRetry ? _retryIn * 2 : LastRetry;
    }

    private void Enforced(LiveChange change)
    {
        if (change.Unfinished is { } left) Log.Unfinished(_log, _plan.State.Generation, left);
        _isFinished = change.Unfinished is null;
        Show(Picture with
        {
            State = _plan.State,
            Cluster = _plan.Cluster,
            Pods = _node.Pods,
            IsOwner = _node.IsOwner,
            Elements = _node.Elements,
            EnforcedGeneration = _plan.State.Generation,
            Problem = _plan.State.Lost ?? (change.Unfinished is { } why ? $"something of the state before is still there: {why}" : null),
        });
    }

    /// <param name="look">At everything, or where something is suspected.</param>
    private void Repair(Func<IReadOnlyList<Repair>> look)
    {
        // Before looking: what happens meanwhile is a suspicion of its own.
        Interlocked.Exchange(ref _suspicion, 0);
        _mendAt = Environment.TickCount64 + MendEvery;
        try
        {
            var repairs = look();
            // Behind the look: it may find what came while it looked.
            var now = DateTimeOffset.UtcNow;
            foreach (var repair in repairs) Log.Repaired(_log, repair.What, repair.Found);
            var broken = _node.Broken;
            foreach (var fresh in broken.Except(Picture.Broken)) Log.RepairFailed(_log, fresh);
            if (repairs.Count == 0 && broken.SequenceEqual(Picture.Broken)) return;
            if (repairs.Count > 0) DataplaneMeters.Repairs.Add(repairs.Count);
            Show(Picture with
            {
                Repairs = [.. repairs.Select(r => new RepairEntry(now, r.What, r.Found)).Reverse().Concat(Picture.Repairs).Take(KeptRepairs)],
                RepairsTotal = Picture.RepairsTotal + repairs.Count,
                Broken = broken,
                Pods = _node.Pods,
            });
        }
        catch (Exception e) when (IsRefusal(e))
        {
            // What cannot be mended part by part is made anew.
            Log.RepairFailed(_log, e.Message);
            Show(Picture with { EnforcedGeneration = -1, Problem = $"what somebody else changed cannot be repaired: {e.Message}" });
        }
    }

    private static bool IsRefusal(Exception e) => e is LinuxException or NodeCapacityException;
}
