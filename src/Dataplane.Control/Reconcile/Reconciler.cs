using Dataplane.Control.Metering;
using Dataplane.Control.Refusals;
using Dataplane.Control.State;
using Dataplane.Control.Store;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Linux.Native;
using Dataplane.Node.Live;
using Dataplane.Node.Repairs;
using Microsoft.Extensions.Logging;

namespace Dataplane.Control.Reconcile;

/// <summary>
/// The handle of the thread that owns the node and the store: its queue, and the current snapshot. Safe for concurrent
/// use.
/// </summary>
public sealed class Reconciler : IDisposable
{
    private readonly LiveNodeOptions _options;
    private readonly string _stateDirectory;
    private readonly DataplaneMeters _meters;
    private readonly ILogger _log;
    private readonly WorkQueue _queue = new();
    private readonly CurrentSnapshot _current;
    private readonly ProgramNewsBox _programNews = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;

    public Reconciler(LiveNodeOptions options, string stateDirectory, DataplaneMeters meters, ILogger log)
    {
        (_options, _stateDirectory, _meters, _log) = (options, stateDirectory, meters, log);
        _current = new CurrentSnapshot(meters);
        // Not a thread of the pool: it runs as long as the daemon and blocks in the kernel.
        _thread = new Thread(Run) { IsBackground = true, Name = "reconciler" };
    }

    /// <summary>Desired and enforced state now.</summary>
    /// <exception cref="InvalidOperationException"><see cref="StartAsync"/> has not ended.</exception>
    public NodeSnapshot Current => _current.Value;

    /// <summary>Raised with every new snapshot, on the reconciler's thread.</summary>
    public event Action<NodeSnapshot>? Changed
    {
        add => _current.Changed += value;
        remove => _current.Changed -= value;
    }

    /// <summary>Number of items that wait.</summary>
    public int QueueDepth => _queue.Count;

    /// <summary>What is known of programs in pods at the start.</summary>
    public ProgramState Programs { get; init; } = ProgramState.None;

    /// <summary>
    /// Opens the node and enforces what is stored. A refusal of the kernel is no error here: the snapshot reports it,
    /// and it is tried again.
    /// </summary>
    /// <exception cref="NodeBusyException">Another process has the node, or the state directory.</exception>
    /// <exception cref="LinuxException">The node cannot be opened.</exception>
    /// <exception cref="StateDirectoryException">The state directory cannot be used.</exception>
    public Task StartAsync()
    {
        _thread.Start();
        return _ready.Task;
    }

    /// <summary>Changes the desired state. Ends when the kernel has the change and it is stored.</summary>
    /// <exception cref="RefusalException">It was refused.</exception>
    public Task<ChangeResult> ChangeAsync(ChangeRequest request)
    {
        var item = new ChangeItem(request);
        _queue.Add(item);
        return item.Answer;
    }

    /// <summary>Runs something on the thread that owns the node, in its turn. No change runs meanwhile.</summary>
    /// <exception cref="RefusalException">The daemon is stopping.</exception>
    public Task<T> OnNode<T>(Func<LiveNode, T> body)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Add(new NodeItem(node =>
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

    /// <summary>
    /// Says what has changed about programs in pods. It is planned in its turn, together with what else waits.
    /// </summary>
    public void Tell(ProgramNews news)
    {
        if (_programNews.Add(news)) _queue.Add(new ProgramItem(_programNews));
    }

    /// <summary>Compares a pod's network with the plan, repairs what differs, and says what did.</summary>
    /// <returns>Null: no such pod is attached, or it could not be repaired.</returns>
    /// <exception cref="RefusalException">The daemon is stopping.</exception>
    public Task<IReadOnlyList<Repair>?> LookAtAsync(string pod)
    {
        var item = new LookItem(pod);
        _queue.Add(item);
        return item.Answer;
    }

    /// <summary>
    /// Ends when the work in hand is done; work that still waits is refused. The node stays enforced.
    /// </summary>
    public void Dispose()
    {
        _queue.Close();
        if (_thread.ThreadState.HasFlag(ThreadState.Unstarted)) return;
        _thread.Join();
    }

    private void Run()
    {
        try
        {
            Serve();
        }
        catch (Exception e)
        {
            if (!_ready.TrySetException(e))
            {
                Log.ReconcilerFailed(_log, e);
                ProcessEnd.OfInternalFault();
            }
        }
        _queue.AbandonAll();
    }

    private void Serve()
    {
        using var held = StateLock.Take(_stateDirectory);
        var store = OpenStore();
        using var live = LiveNode.Open(_options);
        foreach (var loss in store.Losses) Log.StoreDamaged(_log, loss);
        if (store.Fault is { } fault) Log.NotStored(_log, fault);
        using var compaction = new StoreCompaction(store, _log);
        var first = FirstPlan(store.Loaded with { Programs = Programs }, live);
        var node = new ManagedNode(live, store, first, _current, _log);
        compaction.BeginIfGiven(store.Loaded, node.Plan.State);
        var housekeeping = new Housekeeping(Environment.TickCount64);
        var enforcer = new Enforcer(node, housekeeping.Retry, _meters, _log);
        var repairer = new Repairer(node, _queue, housekeeping, _meters, _log);
        var changer = new Changer(node, store, compaction, _queue, _options.Addresses, _meters, _log);
        var programs = new ProgramFollower(node, changer, _options.Addresses, _log);
        var loop = new ReconcileLoop(_queue, node, enforcer, repairer, changer, programs, housekeeping);
        loop.Begin();
        using (live.Watch(repairer.Suspect))
        {
            _ready.SetResult();
            loop.Run();
        }
    }

    private StateStore OpenStore()
    {
        try
        {
            return StateStore.Open(_stateDirectory, TimeProvider.System);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StateDirectoryException(_stateDirectory, e);
        }
    }

    /// <summary>
    /// The plan of the stored state. A container whose port is not there any more has gone, or its namespace has, while
    /// nobody looked: what its path leads to now may be anything, so it is not attached again.
    /// </summary>
    private Plan FirstPlan(DesiredState stored, LiveNode live)
    {
        try
        {
            var plan = Plan.Of(stored, _options.Addresses);
            if (stored.Attachments.Count == 0) return plan;
            var gone = plan.Cluster.Pods.Where(p => stored.Attachments.ContainsKey(p.Name) && !live.HasLeft(p))
                .Select(p => p.Name);
            return Plan.Of(stored with { Gone = [.. gone] }, _options.Addresses);
        }
        catch (RefusalException refusal)
        {
            // Such as another pod network, which has no room for all pods, or another one of Services. What is stored
            // stays, and the remedy may be an option of the next start.
            var help = refusal.Diagnostics.FirstOrDefault(d => d.Severity == Severity.Error)?.Help;
            var why = help is null ? refusal.Message : $"{refusal.Message} ({help})";
            var lost = DesiredState.Empty with
            {
                Lost = why, Generation = stored.Generation, Programs = Programs,
            };
            return Plan.Of(lost, _options.Addresses);
        }
    }
}
