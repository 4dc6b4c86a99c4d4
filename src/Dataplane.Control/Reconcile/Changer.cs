using System.Diagnostics;
using Dataplane.Control.Metering;
using Dataplane.Control.Refusals;
using Dataplane.Control.State;
using Dataplane.Control.Store;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Node.Live;
using Dataplane.Planning;
using Dataplane.Planning.Services;
using Dataplane.Policy.Model;
using Microsoft.Extensions.Logging;

namespace Dataplane.Control.Reconcile;

/// <summary>
/// Carries out changes of the desired state: plans them, has the kernel take them, stores them and answers.
/// </summary>
internal sealed class Changer(
    ManagedNode node, StateStore store, StoreCompaction compaction, WorkQueue queue, NodeOptions addresses,
    DataplaneMeters meters, ILogger log)
{
    /// <summary>An item with the plans before and after it; the plan after it is the one before the next.</summary>
    private readonly record struct Step(ChangeItem Item, StateChange Change, Plan Before, Plan After);

    /// <summary>
    /// One transaction for all items; where the kernel or the disk refuses it, one for each, so that only the items at
    /// fault are refused.
    /// </summary>
    /// <returns>Number of objects that were changed.</returns>
    public int Change(IReadOnlyList<ChangeItem> items)
    {
        var started = Stopwatch.GetTimestamp();
        var steps = Plan(items, out var tip);
        if (ReferenceEquals(tip, node.Plan))
        {
            foreach (var step in steps) Answer(step, null, started);
            return 0;
        }
        try
        {
            // One generation for the whole transaction: the store has one file for it, and takes a gap for a loss.
            return CarryOut(steps, tip.Numbered(node.Plan.State.Generation + 1), started);
        }
        catch (Exception e) when (ManagedNode.IsRefusal(e) || IsDisk(e))
        {
            if (steps is not [var only]) return steps.Sum(s => Change([s.Item]));
            Refuse(only.Item, e);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Log.ChangeFailed(log, e);
            node.Invalidate("a change failed; what is stored is enforced anew");
            foreach (var step in steps) step.Item.Abandon(e);
        }
        return 0;
    }

    /// <summary>Takes the network from containers whose namespaces have gone.</summary>
    public void DropDeserted()
    {
        if (node.Plan.State.Attachments.Count == 0) return;
        var deserted = node.Live.Deserted;
        if (deserted.Count > 0) Change([new ChangeItem(new ChangeRequest(s => AttachmentChange.Lose(s, deserted)))]);
    }

    /// <summary>Answers what a change would do.</summary>
    public void Rehearse(ChangeItem item)
    {
        var started = Stopwatch.GetTimestamp();
        if (Plan(item, node.Plan) is not { } step) return;
        try
        {
            var cut = ReferenceEquals(step.After, step.Before) ? [] : node.Live.WouldCut(step.After.Cluster);
            item.Succeed(Result(step, cut, 0, started) with { DryRun = true });
        }
        catch (Exception e) when (ManagedNode.IsRefusal(e))
        {
            item.Abandon(RefusalException.Kernel(e));
        }
    }

    /// <summary>Plans items one after the other. An item that cannot be planned is refused and left out.</summary>
    /// <param name="tip">The plan after all of them.</param>
    private List<Step> Plan(IReadOnlyList<ChangeItem> items, out Plan tip)
    {
        var steps = new List<Step>(items.Count);
        tip = node.Plan;
        foreach (var item in items)
        {
            if (Plan(item, tip) is not { } step) continue;
            steps.Add(step);
            tip = step.After;
        }
        return steps;
    }

    private Step? Plan(ChangeItem item, Plan before)
    {
        try
        {
            var change = item.Request.Change(before.State);
            return new Step(item, change, before, before.After(change, addresses));
        }
        catch (RefusalException refusal)
        {
            item.Abandon(refusal);
            return null;
        }
    }

    private int CarryOut(List<Step> steps, Plan tip, long started)
    {
        var pods = ListDelta.Between(node.Plan.Cluster.Pods, tip.Cluster.Pods);
        HashSet<ObjectKey> touched = [.. steps.SelectMany(s => s.Change.Touched)];
        // The disk before the kernel: undoing the kernel's part would need the pods that this change detaches.
        var put = store.Prepare(node.Plan.State, tip.State, new Touched(touched, [.. pods.Added.Select(p => p.Name)]));
        var change = node.Live.Apply(tip.Cluster);
        if (!TryStore(tip, put, steps)) return 0;
        node.Enforced(change);
        var took = Stopwatch.GetElapsedTime(started);
        meters.Reconcile.Record(took.TotalSeconds);
        meters.Transaction.Record(change.Transaction.TotalSeconds);
        Log.Changed(log, tip.State.Generation, steps.Count, change.Elements, change.Cut.Count, took.TotalMilliseconds);
        foreach (var step in steps) Answer(step, change, started);
        compaction.BeginIfNeeded(node.Plan.State);
        return steps.Sum(s => s.Change.Touched.Count);
    }

    /// <summary>Stores the plan; where that fails, the kernel gets back the plan before it.</summary>
    /// <param name="put">Puts the prepared file in its place.</param>
    private bool TryStore(Plan tip, Action put, List<Step> steps)
    {
        try
        {
            put();
            node.Adopt(tip);
            return true;
        }
        catch (Exception e) when (IsDisk(e))
        {
            Log.NotStored(log, e.Message);
            try
            {
                node.Live.Apply(node.Plan.Cluster);
            }
            catch (Exception refusal) when (ManagedNode.IsRefusal(refusal))
            {
                node.Invalidate($"the way back was refused: {refusal.Message}");
            }
            foreach (var step in steps) step.Item.Abandon(RefusalException.NotStored(e));
            return false;
        }
    }

    private void Refuse(ChangeItem item, Exception e)
    {
        if (ManagedNode.IsRefusal(e))
        {
            Log.Refused(log, e.Message);
            item.Abandon(RefusalException.Kernel(e));
        }
        else
        {
            Log.NotStored(log, e.Message);
            node.StoreFailed();
            item.Abandon(RefusalException.NotStored(e));
        }
    }

    /// <param name="change">Null: there was nothing to do.</param>
    private void Answer(Step step, LiveChange? change, long started)
    {
        var result = Result(step, change?.Cut ?? [], change?.Elements ?? 0, started);
        if (step.Item.Request.Wait is not { } wait)
        {
            step.Item.Succeed(result);
            return;
        }
        var flows = new ProofFlows(step.Before.Cluster, node.Plan.Cluster, step.Change.Changes);
        var proof = new Proof(node.Live, flows.Flows, node.Plan.State.Generation, wait);
        Prove(step.Item, proof, result with { Unproven = flows.Unproven }, started);
    }

    /// <summary>Between two attempts the queue goes on, with repairs, which the proof may need.</summary>
    private void Prove(ChangeItem item, Proof proof, ChangeResult result, long started)
    {
        try
        {
            if (proof.Attempt() is { } packets)
                item.Succeed(result with { Proof = packets, Took = Stopwatch.GetElapsedTime(started) });
            else
                queue.Add(new NodeItem(_ => Prove(item, proof, result, started), item.Abandon));
        }
        catch (RefusalException refusal)
        {
            item.Abandon(refusal);
        }
    }

    private ChangeResult Result(Step step, IReadOnlyList<CutConnection> cut, int elements, long started)
    {
        var pods = ListDelta.Between(step.Before.Cluster.Pods, step.After.Cluster.Pods);
        var (before, after) = (WithNetworks(pods.Removed), WithNetworks(pods.Added));
        return new ChangeResult(node.Plan.State.Generation, step.Change.Changes, cut)
        {
            Attached = [.. after.Except(before).Order(StringComparer.Ordinal)],
            Detached = [.. before.Except(after).Order(StringComparer.Ordinal)],
            Elements = elements,
            Remarks = [.. Remarks(step)],
            Took = Stopwatch.GetElapsedTime(started),
        };
    }

    private static IEnumerable<Diagnostic> Remarks(Step step)
    {
        var changed = step.Change.Changes.Where(c => c.Kind == ChangeKind.Configured
            && c.Key.Kind == ObjectKinds.Service.Name).Select(c => c.Key.Name).ToHashSet();
        if (changed.Count == 0) yield break;
        var after = step.After.Cluster.Services.Where(s => changed.Contains(s.Name)).ToDictionary(s => s.Name);
        foreach (var before in step.Before.Cluster.Services.Where(s => changed.Contains(s.Name)))
        {
            if (after.TryGetValue(before.Name, out var now)
                && UnchangeableAddress.Of(before, now.Object) is { } remark)
            {
                yield return remark;
            }
        }
    }

    private static HashSet<string> WithNetworks(IEnumerable<PodEndpoint> pods) =>
        [.. pods.Where(p => !p.IsHostNetwork).Select(p => p.Name)];

    private static bool IsDisk(Exception e) => e is IOException or UnauthorizedAccessException;
}
