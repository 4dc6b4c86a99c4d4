using Dataplane.Control.Refusals;
using Dataplane.Control.Store;
using Dataplane.Linux.Native;
using Dataplane.Node.Layout;
using Dataplane.Node.Live;
using Microsoft.Extensions.Logging;

namespace Dataplane.Control.Reconcile;

/// <summary>
/// The node, the plan that it is to enforce, and what is published of both. Used by the reconciler's thread only.
/// </summary>
/// <param name="plan">The stored desired state.</param>
internal sealed class ManagedNode(LiveNode live, StateStore store, Plan plan, CurrentSnapshot current, ILogger log)
{
    /// <summary>Nothing of an earlier state is left on the node.</summary>
    private bool _isFinished;

    public LiveNode Live => live;

    /// <summary>The plan of the state that is stored.</summary>
    public Plan Plan { get; private set; } = plan;

    public NodeSnapshot Snapshot => current.Value;

    /// <summary>The stored state is enforced, and nothing else is.</summary>
    public bool IsDone => _isFinished && Snapshot.EnforcedGeneration == Plan.State.Generation;

    /// <summary>Publishes the first snapshot: nothing is enforced yet.</summary>
    public void Begin()
    {
        if (live.NoGuard is { } why) Log.NoGuard(log, why);
        current.Publish(new NodeSnapshot(Plan.State, Plan.Cluster, [], live.Adopted, live.IsOwner)
        {
            EnforcedGeneration = -1, Problem = "not yet", StoreErrors = store.Errors, NoGuard = live.NoGuard,
            NoShortWay = live.NoShortWay,
        });
    }

    /// <summary>Takes the plan of a state that has just been stored.</summary>
    public void Adopt(Plan next) => Plan = next;

    /// <summary>Publishes that the node enforces <see cref="Plan"/>.</summary>
    public void Enforced(LiveChange change)
    {
        _isFinished = change.Unfinished is null;
        var unfinished = change.Unfinished is { } why ? $"something of the state before is still there: {why}" : null;
        if (change.Unfinished is { } left) Log.Unfinished(log, Plan.State.Generation, left);
        current.Publish(Snapshot with
        {
            State = Plan.State,
            Cluster = Plan.Cluster,
            Pods = live.Pods,
            IsOwner = live.IsOwner,
            Elements = live.Elements,
            ServiceElements = live.ServiceElements,
            EnforcedGeneration = Plan.State.Generation,
            Problem = Plan.State.Lost is { } lost ? RefusalException.StateLostText(lost) : unfinished,
            StoreErrors = store.Errors,
            Cut = change.Cut,
        });
    }

    /// <summary>
    /// Publishes that the node does not enforce <see cref="Plan"/> any more; it is enforced anew later.
    /// </summary>
    public void Invalidate(string problem) =>
        current.Publish(Snapshot with { EnforcedGeneration = -1, Problem = problem });

    /// <summary>Publishes what is wrong with the store.</summary>
    public void StoreFailed() => current.Publish(Snapshot with { StoreErrors = store.Errors });

    /// <summary>Looks whether the store works again, if it did not.</summary>
    public void CheckStore()
    {
        if (store.LookAgain()) StoreFailed();
    }

    public void Publish(NodeSnapshot snapshot) => current.Publish(snapshot);

    /// <summary>The node refused: the kernel did, or there is no room.</summary>
    public static bool IsRefusal(Exception e) => e is LinuxException or NodeCapacityException;
}
