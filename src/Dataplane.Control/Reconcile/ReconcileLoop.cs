using System.Diagnostics.CodeAnalysis;
using Dataplane.Control.Refusals;

namespace Dataplane.Control.Reconcile;

/// <summary>
/// Takes work from the queue until it is closed. Changes that wait at the same time become one transaction;
/// housekeeping is done while nothing waits, or once it is overdue.
/// </summary>
internal sealed class ReconcileLoop(
    WorkQueue queue, ManagedNode node, Enforcer enforcer, Repairer repairer, Changer changer, ProgramFollower programs,
    Housekeeping housekeeping)
{
    private const int MaxBatch = 256;

    private readonly List<ChangeItem> _batch = [];

    private static long Now => Environment.TickCount64;

    private bool IsBroken => node.Snapshot.Broken.Count > 0;

    /// <summary>Publishes and enforces the stored state; before <see cref="Run"/>.</summary>
    public void Begin()
    {
        node.Begin();
        enforcer.Enforce();
        Worked(node.Plan.State.Objects.Count);
    }

    public void Run()
    {
        while (!queue.IsFinished)
        {
            if (!TryTake(out var item)) continue;
            do Take(item);
            while (node.IsDone && !housekeeping.IsOverdue(Now) && queue.TryTake(out item));
            Flush();
            Worked(0);
        }
    }

    /// <summary>Waits for an item until housekeeping is due, and does that.</summary>
    private bool TryTake([NotNullWhen(true)] out WorkItem? item)
    {
        var now = Now;
        housekeeping.Retry.Settle(node.IsDone, now);
        item = null;
        var mayTake = housekeeping.CanWait(now) || queue.IsClosed;
        if (mayTake && queue.TryTake(out item, housekeeping.NextAt(IsBroken) - now)) return true;
        if (!queue.IsClosed) DoWhatIsDue();
        return false;
    }

    private void DoWhatIsDue()
    {
        switch (housekeeping.Due(Now, IsBroken))
        {
            case Chore.Retry: enforcer.Enforce(); break;
            case Chore.RepairBroken: repairer.RepairAll(); break;
            case Chore.GiveMemoryBack: housekeeping.Memory.GiveBack(); break;
            case Chore.Check:
                housekeeping.Checked(repairer.Check(), Now);
                node.CheckStore();
                changer.DropDeserted();
                programs.Admit();
                break;
        }
    }

    private void Take(WorkItem item)
    {
        if (queue.IsClosed)
        {
            item.Abandon(RefusalException.Stopping());
            return;
        }
        if (item is ChangeItem { IsAlone: false } change && _batch.Count < MaxBatch)
        {
            _batch.Add(change);
            return;
        }
        Flush();
        Do(item);
        // Even while requests wait: they may depend on it.
        if (housekeeping.IsRepairDue(Now, IsBroken)) repairer.RepairAll();
    }

    private void Do(WorkItem item)
    {
        switch (item)
        {
            case ChangeItem { Request.DryRun: true } rehearsal: changer.Rehearse(rehearsal); break;
            case ChangeItem change: Worked(changer.Change([change])); break;
            case NodeItem job: job.Run(node.Live); break;
            case LookItem look: look.Run(repairer); break;
            case RepairItem: repairer.RepairSuspected(); break;
            case ProgramItem news: news.Run(programs); break;
        }
    }

    private void Flush()
    {
        if (_batch.Count == 0) return;
        Worked(changer.Change([.. _batch]));
        _batch.Clear();
    }

    private void Worked(int objects) => housekeeping.Memory.Worked(objects, GC.GetTotalAllocatedBytes(), Now);
}
