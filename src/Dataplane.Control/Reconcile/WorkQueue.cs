using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Dataplane.Control.Refusals;

namespace Dataplane.Control.Reconcile;

/// <summary>The queue before the thread that owns the node. Any thread adds; only the owner takes.</summary>
internal sealed class WorkQueue
{
    private readonly BlockingCollection<WorkItem> _items = [];

    public int Count => _items.Count;

    public bool IsClosed => _items.IsAddingCompleted;

    /// <summary>Closed and empty.</summary>
    public bool IsFinished => _items.IsCompleted;

    /// <summary>Adds an item, or abandons it where the queue is closed.</summary>
    public void Add(WorkItem item)
    {
        try
        {
            _items.Add(item);
        }
        catch (InvalidOperationException)
        {
            item.Abandon(RefusalException.Stopping());
        }
    }

    /// <param name="milliseconds">How long to wait for an item; an open end is cut to 24 days.</param>
    public bool TryTake([NotNullWhen(true)] out WorkItem? item, long milliseconds = 0) =>
        _items.TryTake(out item, (int)Math.Clamp(milliseconds, 0, int.MaxValue));

    public void Close() => _items.CompleteAdding();

    /// <summary>Closes the queue and refuses what still waits.</summary>
    public void AbandonAll()
    {
        Close();
        foreach (var item in _items.GetConsumingEnumerable()) item.Abandon(RefusalException.Stopping());
    }
}
