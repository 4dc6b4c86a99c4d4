using System.Diagnostics;
using Dataplane.Daemon.Api;
using Dataplane.Daemon.Host;
using Dataplane.Daemon.Observation;
using Dataplane.Daemon.State;
using Dataplane.Node.Live;
using Dataplane.Policy.Model;
namespace Dataplane.Daemon.Reconcile;

internal sealed partial class Reconciler
{
    /// <summary>An item and the states before and after it, which is the state before the next one.</summary>
    private readonly record struct Step(ChangeItem Item, StateChange Change, Plan Before, Plan After);

    /// <summary>One transaction for all of them; where the kernel refuses it, one each, so that only who is to blame is refused.</summary>
    private void ChangeTogether(IReadOnlyList<ChangeItem> items)
    {
        var started = Stopwatch.GetTimestamp();
        var steps = new List<Step>(items.Count);
        var tip = _plan;
        foreach (var item in items)
        {
            if (Planned(item, tip) is not { } step) continue;
            steps.Add(step);
            tip = step.After;
        }
        if (ReferenceEquals(tip, _plan))
        {
            foreach (var step in steps) Answer(step, null, started);
            return;
        }
        // What happens at once is one generation: the store has one file for it, and takes a gap between files for a loss.
        tip = tip.Numbered(_plan.State.Generation + 1);
        try
        {
            // Before the kernel: the way back would take pods with it that go in this change.
            var pods = ListDelta.Between(_plan.Cluster.Pods, tip.Cluster.Pods);
            var store = _store.Prepare(_plan.State, tip.State, new Touched([.. steps.SelectMany(s => s.Change.Touched).Distinct()], [.. pods.Added.Select(p => p.Name)]));
            var change = _node.Apply(tip.Cluster);
            if (!Stored(tip, store, steps)) return;
            Enforced(change);
            DataplaneMeters.Reconcile.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
            DataplaneMeters.Transaction.Record(change.Transaction.TotalSeconds);
            Log.Changed(_log, tip.State.Generation, steps.Count, change.Elements, change.Cut.Count, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            foreach (var step in steps) Answer(step, change, started);
            KeepStoreShort();
            LeaveForTidying(steps.Sum(s => s.Change.Touched.Count));
        }
        catch (Exception e) when (IsRefusal(e) || IsDisk(e))
        {
            if (steps is [var only])
            {
                if (IsRefusal(e)) Log.Refused(_log, e.Message);
                else Log.NotStored(_log, e.Message);
                only.Item.Fail(IsRefusal(e) ? Problems.KernelRefused(e) : Problems.NotStored(e));
                return;
            }
            foreach (var step in steps) ChangeTogether([step.Item]);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Log.ChangeFailed(_log, e);
            Show(Picture with { EnforcedGeneration = -1, Problem = "a change failed; what is stored is enforced anew" });
            foreach (var step in steps) step.Item.Fail(e);
        }
    }

    private Step? Planned(ChangeItem item, Plan tip)
    {
        try
        {
            var change = item.Change(tip.State);
            return new Step(item, change, tip, tip.After(change, Addresses));
        }
        catch (ApiProblem problem)
        {
            item.Fail(problem);
            return null;
        }
    }

    /// <summary>Makes the plan ours if it can be stored; else the kernel gets back what it had.</summary>
    /// <param name="store">What is prepared.</param>
    private bool Stored(Plan tip, Action store, List<Step> steps)
    {
        try
        {
            store();
            _plan = tip;
            return true;
        }
        catch (Exception e) when (IsDisk(e))
        {
            Log.NotStored(_log, e.Message);
            try
            {
                _node.Apply(_plan.Cluster);
            }
            catch (Exception refusal) when (IsRefusal(refusal))
            {
                Show(Picture with { EnforcedGeneration = -1, Problem = $"the way back was refused: {refusal.Message}" });
            }
            foreach (var step in steps) step.Item.Fail(Problems.NotStored(e));
            return false;
        }
    }

    /// <summary>Beside changes, not between them: it takes as long as the state is large.</summary>
    private void KeepStoreShort()
    {
        if (!_snapshot.IsCompleted || !_store.WantsSnapshot(_plan.State)) return;
        var state = _plan.State;
        _snapshot = Task.Run(() =>
        {
            try
            {
                _store.WriteSnapshot(state);
            }
            catch (Exception e) when (IsDisk(e))
            {
                // What is stored is whole without it.
                Log.NoSnapshot(_log, e.Message);
            }
        });
    }

    private static bool IsDisk(Exception e) => e is IOException or UnauthorizedAccessException;

    private void Rehearse(ChangeItem item)
    {
        var started = Stopwatch.GetTimestamp();
        if (Planned(item, _plan) is not { } step) return;
        try
        {
            var cut = ReferenceEquals(step.After, step.Before) ? [] : _node.WouldCut(step.After.Cluster);
            item.Succeed(Response(step, _plan.State.Generation, cut, 0, started) with { DryRun = true });
        }
        catch (Exception e) when (IsRefusal(e))
        {
            item.Fail(Problems.KernelRefused(e));
        }
    }

    /// <param name="change">Null: there was nothing to do.</param>
    private void Answer(Step step, LiveChange? change, long started)
    {
        var response = Response(step, _plan.State.Generation, change?.Cut ?? [], change?.Elements ?? 0, started);
        if (step.Item.Wait is not { } wait) step.Item.Succeed(response);
        else
            Prove(step.Item, new Proof(_node, _plan.Cluster, _plan.State.Generation, step.Change.Changes, wait), response, started);
    }

    /// <summary>Between two attempts others have their turn, and repairs, which it may take.</summary>
    private void Prove(ChangeItem item, Proof proof, ChangeResponse response, long started)
    {
        try
        {
            if (proof.Attempt() is { } packets) item.Succeed(response with { Proof = packets, Milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds });
            else Enqueue(new NodeItem(_ => Prove(item, proof, response, started), item.Fail));
        }
        catch (ApiProblem problem)
        {
            item.Fail(problem);
        }
    }

    private static ChangeResponse Response(Step step, long generation, IReadOnlyList<CutConnection> cut, int elements, long started)
    {
        var pods = ListDelta.Between(step.Before.Cluster.Pods, step.After.Cluster.Pods);
        var (before, after) = (WithNetworks(pods.Removed), WithNetworks(pods.Added));
        return new ChangeResponse(generation, step.Change.Changes, [.. cut.Select(Flows.Cut)])
        {
            Attached = [.. after.Except(before).Order(StringComparer.Ordinal)],
            Detached = [.. before.Except(after).Order(StringComparer.Ordinal)],
            Elements = elements,
            Milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds,
        };
    }

    private static HashSet<string> WithNetworks(IEnumerable<PodEndpoint> pods) => [.. pods.Where(p => !p.IsHostNetwork).Select(p => p.Name)];
}
