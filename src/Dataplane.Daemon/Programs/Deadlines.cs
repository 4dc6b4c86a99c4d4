using System.Collections.Concurrent;

namespace Dataplane.Daemon.Programs;

/// <summary>Until when pods may take to end. Safe for concurrent use.</summary>
internal sealed class Deadlines(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _all = [];

    public void Set(string pod, TimeSpan within) => _all[pod] = time.GetUtcNow() + within;

    /// <summary>Those whose time is over; each is told once.</summary>
    public IReadOnlyList<string> Passed()
    {
        var now = time.GetUtcNow();
        var passed = _all.Where(d => d.Value <= now).Select(d => d.Key).ToList();
        foreach (var pod in passed) _all.TryRemove(pod, out _);
        return passed;
    }
}
