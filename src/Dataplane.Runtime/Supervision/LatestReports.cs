using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Dataplane.Runtime.Supervision;

/// <summary>
/// Reports on their way to a reader: of each pod the latest that he has not read. So a slow reader costs as much memory
/// as there are pods.
/// </summary>
public sealed class LatestReports
{
    private readonly Lock _lock = new();
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private Dictionary<string, PodReport> _waiting = [];
    private Exception? _end;

    /// <summary>Safe on any thread.</summary>
    public void Add(PodReport report)
    {
        lock (_lock)
        {
            _waiting[report.Order.Key] = report;
            Wake();
        }
    }

    /// <summary>What is waiting is read, and then the reason is thrown.</summary>
    public void End(Exception reason)
    {
        lock (_lock)
        {
            _end ??= reason;
            Wake();
        }
    }

    /// <summary>For one reader at a time; the next one goes on where he stopped.</summary>
    public async IAsyncEnumerable<PodReport> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            await _news.Reader.ReadAsync(cancellation);
            Dictionary<string, PodReport> taken;
            lock (_lock)
            {
                (taken, _waiting) = (_waiting, []);
                if (taken.Count == 0 && _end is not null) throw _end;
                if (_end is not null) Wake();
            }
            foreach (var report in taken.Values) yield return report;
        }
    }

    private void Wake() => _news.Writer.TryWrite(true);
}
