using Dataplane.Api;
using Dataplane.Control.Reconcile;
using Dataplane.Node.Live;

namespace Dataplane.Daemon.Endpoints;

/// <summary>
/// The newest snapshot that a follower has not been told, and the connections that were cut up to it. Safe for
/// concurrent use.
/// </summary>
internal sealed class PendingChanges
{
    /// <summary>Largest number of cut connections that wait; older ones go.</summary>
    private const int MostCut = 1000;

    private readonly Lock _lock = new();
    private readonly Queue<CutConnection> _cut = [];
    private NodeSnapshot? _newest;
    private IReadOnlyList<CutConnection>? _told;
    private TaskCompletionSource _isThere = New();

    public void Add(NodeSnapshot snapshot)
    {
        lock (_lock)
        {
            // Snapshots between two changes have the list of the last one. Those before the first line are not told.
            if (_told is not null && !ReferenceEquals(_told, snapshot.Cut))
                foreach (var cut in snapshot.Cut) _cut.Enqueue(cut);
            while (_cut.Count > MostCut) _cut.Dequeue();
            _told = snapshot.Cut;
            _newest = snapshot;
            _isThere.TrySetResult();
        }
    }

    public Task WaitAsync(CancellationToken stop)
    {
        lock (_lock) return _isThere.Task.WaitAsync(stop);
    }

    /// <summary>What <see cref="WaitAsync"/> has waited for.</summary>
    public ChangeEntry Take()
    {
        lock (_lock)
        {
            var snapshot = _newest!;
            var entry = new ChangeEntry(snapshot.State.Generation, snapshot.EnforcedGeneration)
            {
                Problem = snapshot.Problem,
                Cut = [.. _cut.Select(ChangeAnswers.Cut)],
            };
            _cut.Clear();
            _isThere = New();
            return entry;
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
