using System.Diagnostics;

namespace Dataplane.Supervisor.Pods;

/// <summary>The time of the day when this process began, and what has passed since: it never jumps.</summary>
internal sealed class SteadyClock
{
    private readonly DateTimeOffset _begin = DateTimeOffset.UtcNow;
    private readonly long _ticks = Stopwatch.GetTimestamp();

    public DateTimeOffset Now => _begin + Stopwatch.GetElapsedTime(_ticks);
}
