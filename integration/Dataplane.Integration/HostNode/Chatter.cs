using Dataplane.Integration.Closed;

namespace Dataplane.Integration.HostNode;

/// <summary>Other programs that exchange packets all the time during a test.</summary>
internal sealed class Chatter
{
    private readonly Thread _thread;
    private volatile bool _stopping;
    private Exception? _failure;
    private long _rounds;

    public Chatter(IReadOnlyList<Talk> talks)
    {
        _thread = new Thread(() =>
        {
            var at = 0;
            try
            {
                while (!_stopping)
                {
                    for (at = 0; at < talks.Count; at++) talks[at].BothWays();
                    Interlocked.Increment(ref _rounds);
                }
            }
            catch (Exception e)
            {
                _failure = new InvalidOperationException(
                    $"{talks[at].Client.LocalEndPoint} with {talks[at].Client.RemoteEndPoint}, in round {_rounds}", e);
            }
        })
        { IsBackground = true };
        _thread.Start();
    }

    /// <summary>All of them have spoken once more since this was called.</summary>
    public void Hear()
    {
        var before = Interlocked.Read(ref _rounds);
        Assert.True(SpinWait.SpinUntil(() => _failure is not null || Interlocked.Read(ref _rounds) > before + 1,
            PodSocket.Patience), "others are silent");
        Assert.Null(_failure);
    }

    public void Stop()
    {
        _stopping = true;
        _thread.Join();
        Assert.Null(_failure);
    }
}
