namespace Dataplane.Node.Observation;

/// <summary>
/// The last entries of the flow log, and the subscriptions to the next ones. Safe to use from several threads.
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

    /// <summary>The last entries that pass the filter, oldest first.</summary>
    public IReadOnlyList<ObservedFlow> Last(int count, FlowFilter filter)
    {
        lock (_lock) return [.. _last.Where(filter.Takes).TakeLast(count)];
    }

    /// <summary>
    /// Returns the last entries and a subscription to all later ones; each entry is in exactly one of the two.
    /// </summary>
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

/// <summary>
/// Selects entries of the flow log. Losses always pass: without them the entries would look complete.
/// </summary>
/// <param name="Verdict">Only entries with this verdict; null: all.</param>
/// <param name="Endpoint">Only entries with this source or destination, spelled as in the entries; null: all.</param>
/// <param name="Namespace">Only entries with a pod of this namespace at either end; null: all.</param>
/// <param name="Probes">Also what this process has sent to prove something.</param>
public readonly record struct FlowFilter(
    FlowVerdict? Verdict = null, string? Endpoint = null, string? Namespace = null, bool Probes = false)
{
    public bool Takes(ObservedFlow flow) => flow.Verdict == FlowVerdict.Lost
        || ((Verdict is null || Verdict == flow.Verdict) && (Probes || !flow.IsProbe)
            && (Endpoint is null || Endpoint == flow.From || Endpoint == flow.To)
            && (Namespace is null || IsOf(Namespace, flow.From) || IsOf(Namespace, flow.To)));

    private static bool IsOf(string ns, string? endpoint) => endpoint is not null && endpoint.Length > ns.Length
        && endpoint[ns.Length] == '/' && endpoint.StartsWith(ns, StringComparison.Ordinal);
}
