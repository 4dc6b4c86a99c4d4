using Dataplane.Linux.Native;
using Microsoft.Extensions.Logging;

namespace Dataplane.Daemon.Host;

/// <summary>
/// Ends the process when it does not stop by itself: something outside, such as a disk, does not answer. What is
/// enforced and stored does not depend on how the daemon ends.
/// </summary>
/// <param name="end">Ends the process.</param>
internal sealed partial class StopLimit(ILogger log, TimeProvider time, Action end) : IDisposable
{
    /// <summary>Below TimeoutStopSec of the unit, and above the time that requests have to end.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(12);

    private ITimer? _timer;

    public StopLimit(ILogger log) : this(log, TimeProvider.System, ProcessEnd.OfInternalFault)
    {
    }

    /// <summary>From now on it is stopping.</summary>
    public void Begin() => _timer = time.CreateTimer(
        _ =>
        {
            Late(log, Limit.TotalSeconds);
            end();
        }, null, Limit, Timeout.InfiniteTimeSpan);

    public void Dispose() => _timer?.Dispose();

    [LoggerMessage(7, LogLevel.Critical,
        "it has not stopped within {Seconds} s: something it waits for does not answer; it ends now")]
    private static partial void Late(ILogger log, double seconds);
}
