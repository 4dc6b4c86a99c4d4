using Dataplane.Daemon.Api;
using Dataplane.Daemon.State;
using Dataplane.Node.Live;

namespace Dataplane.Daemon.Reconcile;

/// <summary>What waits for the one thread that owns the node.</summary>
internal abstract class WorkItem
{
    /// <summary>Answers whoever waits: the daemon is stopping.</summary>
    public abstract void Abandon(Exception reason);
}

/// <summary>A change of the desired state, whoever wants it.</summary>
/// <param name="change">What is wanted of the state that the item meets; throws an ApiProblem.</param>
/// <param name="wait">How long to wait for a packet that proves it; null: not at all.</param>
internal sealed class ChangeItem(Func<DesiredState, StateChange> change, bool dryRun, TimeSpan? wait) : WorkItem
{
    private readonly TaskCompletionSource<ChangeResponse> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Func<DesiredState, StateChange> Change => change;
    public bool DryRun => dryRun;
    public TimeSpan? Wait => wait;

    /// <summary>It is answered by itself: with what comes before it done, and nothing behind it begun.</summary>
    public bool Alone => dryRun || wait is not null;

    public Task<ChangeResponse> Answer => _answer.Task;

    public void Succeed(ChangeResponse response) => _answer.TrySetResult(response);

    public void Fail(Exception problem) => _answer.TrySetException(problem);

    public override void Abandon(Exception reason) => Fail(reason);
}

/// <summary>Something else to do with the node.</summary>
internal sealed class NodeItem(Action<LiveNode> run, Action<Exception> abandon) : WorkItem
{
    public void Run(LiveNode node) => run(node);

    public override void Abandon(Exception reason) => abandon(reason);
}

/// <summary>Somebody may have changed what is ours.</summary>
internal sealed class RepairItem : WorkItem
{
    public override void Abandon(Exception reason)
    {
    }
}
