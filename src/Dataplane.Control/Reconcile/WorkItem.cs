using Dataplane.Node.Live;
using Dataplane.Node.Repairs;

namespace Dataplane.Control.Reconcile;

/// <summary>Work that waits for the thread that owns the node.</summary>
internal abstract class WorkItem
{
    /// <summary>Ends the wait of the caller with an exception, such as when the daemon stops.</summary>
    public abstract void Abandon(Exception reason);
}

/// <summary>A change of the desired state, from any source.</summary>
internal sealed class ChangeItem(ChangeRequest request) : WorkItem
{
    private readonly TaskCompletionSource<ChangeResult> _answer =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ChangeRequest Request => request;

    /// <summary>Not combined with others: everything before it is done first, and nothing after it has begun.</summary>
    public bool IsAlone => request.DryRun || request.Wait is not null;

    public Task<ChangeResult> Answer => _answer.Task;

    public void Succeed(ChangeResult result) => _answer.TrySetResult(result);

    public override void Abandon(Exception reason) => _answer.TrySetException(reason);
}

/// <summary>Any other work with the node.</summary>
internal sealed class NodeItem(Action<LiveNode> run, Action<Exception> abandon) : WorkItem
{
    public void Run(LiveNode node) => run(node);

    public override void Abandon(Exception reason) => abandon(reason);
}

/// <summary>Somebody asks what of a pod's network differs.</summary>
internal sealed class LookItem(string pod) : WorkItem
{
    private readonly TaskCompletionSource<IReadOnlyList<Repair>?> _answer =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<IReadOnlyList<Repair>?> Answer => _answer.Task;

    public void Run(Repairer repairer) => _answer.TrySetResult(repairer.LookAt(pod));

    public override void Abandon(Exception reason) => _answer.TrySetException(reason);
}

/// <summary>Something of the node may have been changed by another process.</summary>
internal sealed class RepairItem : WorkItem
{
    public override void Abandon(Exception reason)
    {
    }
}

/// <summary>Something is known of the programs in pods.</summary>
internal sealed class ProgramItem(ProgramNewsBox news) : WorkItem
{
    public void Run(ProgramFollower follower)
    {
        if (news.Take() is { } taken) follower.Follow(taken);
    }

    public override void Abandon(Exception reason)
    {
    }
}
