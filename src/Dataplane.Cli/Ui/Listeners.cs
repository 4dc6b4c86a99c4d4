using System.Threading.Channels;

namespace Dataplane.Cli.Ui;

/// <summary>The pages that listen. One that does not read loses the oldest events, and the others nothing.</summary>
internal sealed class Listeners
{
    private const int MostPages = 16, MostWaiting = 1000;

    private readonly Lock _lock = new();
    private readonly HashSet<Channel<UiEvent>> _channels = [];

    public int Count
    {
        get
        {
            lock (_lock) return _channels.Count;
        }
    }

    /// <returns>Null: there are too many.</returns>
    public Channel<UiEvent>? Add()
    {
        lock (_lock)
        {
            if (_channels.Count >= MostPages) return null;
            var channel = Channel.CreateBounded<UiEvent>(
                new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest });
            _channels.Add(channel);
            return channel;
        }
    }

    public void Remove(Channel<UiEvent> channel)
    {
        lock (_lock) _channels.Remove(channel);
    }

    public void Tell(UiEvent told)
    {
        lock (_lock)
            foreach (var channel in _channels) channel.Writer.TryWrite(told);
    }
}
