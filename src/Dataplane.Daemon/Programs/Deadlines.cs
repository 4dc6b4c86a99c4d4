using System.Collections.Concurrent;

namespace Dataplane.Daemon.Programs;

/// <summary>Until when pods may take to end. Safe for concurrent use.</summary>
internal sealed class Deadlines(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, (long From, TimeSpan Within)> _all = [];

    public void Set(string pod, TimeSpan within) => _all[pod] = (time.GetTimestamp(), within);

    /// <summary>Those whose time is over; each is told once.</summary>
    public IReadOnlyList<string> Passed()
    {
        var passed = _all.Where(d => time.GetElapsedTime(d.Value.From) >= d.Value.Within).Select(d => d.Key).ToList();
        foreach (var pod in passed) _all.TryRemove(pod, out _);
        return passed;
    }
}
