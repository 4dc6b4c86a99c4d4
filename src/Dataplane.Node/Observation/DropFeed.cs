using System.Collections.Concurrent;

namespace Dataplane.Node.Observation;

/// <summary>
/// A queue between the drop log and one slow reader: the entries since its creation, in order. Entries beyond the
/// capacity are lost and counted.
/// </summary>
internal sealed class DropFeed : IDisposable
{
    private readonly BlockingCollection<DropRecord> _queue;
    private readonly IDisposable _subscription;
    private long _lost;

    public DropFeed(DropLog log, int capacity)
    {
        _queue = new BlockingCollection<DropRecord>(capacity);
        _subscription = log.Subscribe(Add);
    }

    /// <summary>Entries that the kernel or this feed had no room for.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>
    /// The next entry; false when there is none within <paramref name="timeout"/>. Zero does not wait.
    /// </summary>
    public bool TryTake(TimeSpan timeout, out DropRecord record) => _queue.TryTake(out record!, timeout);

    // The queue itself is left to the collector: the reading thread may still be in Add.
    public void Dispose() => _subscription.Dispose();

    private void Add(DropRecord record)
    {
        if (record.Lost > 0) Interlocked.Add(ref _lost, record.Lost);
        else if (!_queue.TryAdd(record)) Interlocked.Increment(ref _lost);
    }
}
