using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Dataplane.Node.Observation;

/// <summary>
/// A subscription to the flow log. A reader that is too slow loses entries and gets their number; other readers are not
/// affected.
/// </summary>
public sealed class FlowSubscription : IDisposable
{
    private readonly FlowHistory _history;
    private readonly FlowFilter _filter;
    private readonly Channel<ObservedFlow> _channel;
    private long _missed;

    internal FlowSubscription(FlowHistory history, FlowFilter filter, int capacity)
    {
        (_history, _filter) = (history, filter);
        var options = new BoundedChannelOptions(capacity) { SingleReader = true, SingleWriter = true };
        _channel = Channel.CreateBounded<ObservedFlow>(options);
    }

    /// <summary>
    /// The entries in order, until the subscription is disposed or <paramref name="stop"/> is cancelled.
    /// </summary>
    public async IAsyncEnumerable<ObservedFlow> ReadAllAsync([EnumeratorCancellation] CancellationToken stop)
    {
        while (await _channel.Reader.WaitToReadAsync(stop).ConfigureAwait(false))
        {
            while (_channel.Reader.TryRead(out var flow)) yield return flow;
            if (Interlocked.Exchange(ref _missed, 0) is > 0 and var missed)
                yield return ObservedFlow.Loss(missed, "this reader is too slow");
        }
    }

    public void Dispose()
    {
        _history.Remove(this);
        _channel.Writer.TryComplete();
    }

    internal void Offer(ObservedFlow flow)
    {
        if (_filter.Takes(flow) && !_channel.Writer.TryWrite(flow)) Interlocked.Add(ref _missed, flow.Count);
    }
}
