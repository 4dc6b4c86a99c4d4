namespace Dataplane.Node.Observation;

/// <summary>
/// The last entries of the flow log, and those who listen to the next ones. Safe to use from several threads.
/// </summary>
internal sealed class FlowHistory
{
    public const int Capacity = 10_000;

    private readonly Lock _lock = new();
    private readonly Queue<ObservedFlow> _last = [];
    private readonly List<FlowSubscription> _subscriptions = [];

    public void Add(ObservedFlow flow)
    {
        lock (_lock)
        {
            if (_last.Count == Capacity) _last.Dequeue();
            _last.Enqueue(flow);
            foreach (var subscription in _subscriptions) subscription.Offer(flow);
        }
    }

    /// <summary>The last entries that the filter takes, oldest first.</summary>
    public IReadOnlyList<ObservedFlow> Last(int count, FlowFilter filter)
    {
        lock (_lock) return [.. _last.Where(filter.Takes).TakeLast(count)];
    }

    /// <summary>Everything after <paramref name="last"/>: nothing is in both, nothing falls between.</summary>
    public FlowSubscription Subscribe(int count, FlowFilter filter, int capacity, out IReadOnlyList<ObservedFlow> last)
    {
        lock (_lock)
        {
            last = [.. _last.Where(filter.Takes).TakeLast(count)];
            var subscription = new FlowSubscription(this, filter, capacity);
            _subscriptions.Add(subscription);
            return subscription;
        }
    }

    public void Remove(FlowSubscription subscription)
    {
        lock (_lock) _subscriptions.Remove(subscription);
    }
}

/// <summary>Which entries somebody wants to see. Losses always: without them the rest would lie.</summary>
/// <param name="Verdict">Null: all.</param>
/// <param name="Endpoint">Either end, as entries spell it; null: all.</param>
public readonly record struct FlowFilter(FlowVerdict? Verdict = null, string? Endpoint = null)
{
    public bool Takes(ObservedFlow flow) => flow.Verdict == FlowVerdict.Lost
        || ((Verdict is null || Verdict == flow.Verdict)
            && (Endpoint is null || Endpoint == flow.From || Endpoint == flow.To));
}
