using System.Collections.Concurrent;
using Dataplane.Daemon.Api;
using Dataplane.Daemon.Host;
using Dataplane.Daemon.Observation;
using Dataplane.Daemon.State;
using Dataplane.Daemon.Store;
using Dataplane.Linux.Native;
using Dataplane.Node.Live;
using Dataplane.Planning;
using Microsoft.Extensions.Logging;

namespace Dataplane.Daemon.Reconcile;

/// <summary>
/// The one thread that owns the node and the store, and the queue before it. It takes all that waits at once: what changes the
/// desired state becomes one transaction.
/// </summary>
internal sealed partial class Reconciler : IDisposable
{
    private const int MaxBatch = 256, KeptRepairs = 50;
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1), LastRetry = TimeSpan.FromSeconds(30);

    private readonly LiveNodeOptions _options;
    private readonly string _stateDirectory;
    private readonly ILogger _log;
    private readonly BlockingCollection<WorkItem> _queue = [];
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private StateStore _store = null!;
    private LiveNode _node = null!;
    private Plan _plan = null!;
    private TimeSpan _retryIn = FirstRetry;

    /// <summary>The last one that was begun.</summary>
    private Task _snapshot = Task.CompletedTask;

    /// <summary>Of <see cref="Environment.TickCount64"/>; null: not decided, or not needed.</summary>
    private long? _retryAt;
    private int _suspicion;

    /// <summary>Nothing of an earlier state is left on the node.</summary>
    private bool _isFinished;
    private volatile Picture? _picture;

    public Reconciler(LiveNodeOptions options, string stateDirectory, ILogger log)
    {
        (_options, _stateDirectory, _log) = (options, stateDirectory, log);
        // Not a pool thread: it lives as long as the daemon and blocks in the kernel.
        _thread = new Thread(Run) { IsBackground = true, Name = "reconciler" };
    }

    private NodeOptions Addresses => _options.Addresses;

    /// <summary>What holds now. Only once <see cref="StartAsync"/> has ended.</summary>
    public Picture Picture => _picture ?? throw new InvalidOperationException("not started");

    /// <summary>Called with every new picture, on the reconciler's thread.</summary>
    public event Action<Picture>? Shown;

    public int QueueDepth => _queue.Count;

    /// <summary>Parts of the store that could not be read.</summary>
    public IReadOnlyList<string> StoreErrors => _store.Errors;

    /// <summary>Opens the node and enforces what is stored. A refusal of the kernel is no error here: the picture has it, and it is tried again.</summary>
    /// <exception cref="NodeBusyException">Another process has the node, or the state directory.</exception>
    /// <exception cref="LinuxException">The node cannot be opened.</exception>
    /// <exception cref="IOException">The state directory cannot be used.</exception>
    public Task StartAsync()
    {
        _thread.Start();
        return _ready.Task;
    }

    /// <summary>Changes the desired state: answered when the kernel has it and it is stored.</summary>
    /// <exception cref="ApiProblem">It was refused; nothing has changed.</exception>
    public Task<ChangeResponse> ChangeAsync(ChangeItem item)
    {
        Enqueue(item);
        return item.Answer;
    }

    /// <summary>Runs something on the thread that owns the node, when its turn comes. While it runs, no change does.</summary>
    /// <exception cref="ApiProblem">The daemon is stopping.</exception>
    public Task<T> OnNode<T>(Func<LiveNode, T> body)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Enqueue(new NodeItem(node =>
        {
            try
            {
                answer.SetResult(body(node));
            }
            catch (Exception e)
            {
                answer.SetException(e);
            }
        }, reason => answer.TrySetException(reason)));
        return answer.Task;
    }

    /// <summary>Ends when the work in hand is done; what still waits is refused. What is enforced stays enforced.</summary>
    public void Dispose()
    {
        _queue.CompleteAdding();
        if (_thread.ThreadState.HasFlag(ThreadState.Unstarted)) return;
        _thread.Join();
    }

    private void Enqueue(WorkItem item)
    {
        try
        {
            _queue.Add(item);
        }
        catch (InvalidOperationException)
        {
            item.Abandon(Problems.Stopping());
        }
    }

    private void Suspect()
    {
        if (Interlocked.Exchange(ref _suspicion, 1) == 0) Enqueue(new RepairItem());
    }

    private void Run()
    {
        try
        {
            using var ours = StateLock.Take(_stateDirectory);
            _store = StateStore.Open(_stateDirectory, TimeProvider.System);
            using var node = _node = LiveNode.Open(_options);
            Begin();
            using (node.Watch(Suspect))
            {
                _ready.SetResult();
                Loop();
            }
            // The directory is another daemon's as soon as it is not ours.
            _snapshot.Wait();
        }
        catch (Exception e)
        {
            if (!_ready.TrySetException(e))
            {
                Log.ReconcilerFailed(_log, e);
                Environment.FailFast("the reconciler failed", e);
            }
        }
        _queue.CompleteAdding();
        foreach (var item in _queue.GetConsumingEnumerable()) item.Abandon(Problems.Stopping());
    }

    private void Begin()
    {
        foreach (var error in _store.Errors) Log.StoreDamaged(_log, error);
        try
        {
            _plan = Plan.Of(_store.Loaded, Addresses);
        }
        catch (ApiProblem e)
        {
            // Such as another pod network, in which not all pods have room.
            _plan = Plan.Of(DesiredState.Empty with { Lost = e.Problem.Detail ?? e.Problem.Title, Generation = _store.Loaded.Generation }, Addresses);
        }
        Show(new Picture(_plan.State, _plan.Cluster, [], _node.Adopted, _node.IsOwner) { EnforcedGeneration = -1, Problem = "not yet" });
        Enforce();
        LeaveForTidying(_plan.State.Objects.Count);
    }

    private bool IsDone => _isFinished && Picture.EnforcedGeneration == _plan.State.Generation;

    private void Loop()
    {
        var batch = new List<ChangeItem>();
        while (!_queue.IsCompleted)
        {
            if (!TryTake(out var item)) continue;
            do
            {
                if (_queue.IsAddingCompleted)
                {
                    item.Abandon(Problems.Stopping());
                    continue;
                }
                if (item is ChangeItem { Alone: false } change && batch.Count < MaxBatch)
                {
                    batch.Add(change);
                    continue;
                }
                Flush(batch);
                Do(item);
                // However much there is to do meanwhile: it may be what the others wait for.
                if (Picture.Broken.Count > 0 && Environment.TickCount64 >= _mendAt) Repair(_node.Repair);
            }
            while (IsDone && !IsOverdue && _queue.TryTake(out item));
            Flush(batch);
            LeaveForTidying(0);
        }
    }

    private void Flush(List<ChangeItem> batch)
    {
        if (batch.Count == 0) return;
        ChangeTogether([.. batch]);
        batch.Clear();
    }

    private void Do(WorkItem item)
    {
        switch (item)
        {
            case ChangeItem { DryRun: true } rehearsal: Rehearse(rehearsal); break;
            case ChangeItem change: ChangeTogether([change]); break;
            case NodeItem job: job.Run(_node); break;
            case RepairItem: Repair(_node.RepairSuspected); break;
        }
    }

    private void Show(Picture picture)
    {
        _picture = picture;
        DataplaneMeters.Show(new NodeGauges(picture.Elements, picture.Cluster.Pods.Count, picture.Cluster.NetworkPolicies.Count + picture.Cluster.TierPolicies.Count,
            picture.State.Generation, picture.EnforcedGeneration));
        Shown?.Invoke(picture);
    }
}
