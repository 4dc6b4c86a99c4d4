namespace Dataplane.Runtime.Life;

/// <summary>
/// How long a container that ended waits before it is started again, as a kubelet counts it: not at all, 10 s, 20 s,
/// and so on to 5 minutes; from the beginning once it has run for 10 minutes.
/// </summary>
internal struct BackOff
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(10), Longest = TimeSpan.FromMinutes(5),
        Forgotten = 2 * Longest;

    private TimeSpan _wait;
    private DateTimeOffset _startedAgain;

    /// <param name="wait">The next one.</param>
    /// <param name="startedAgain">When the last one was over.</param>
    public BackOff(TimeSpan wait, DateTimeOffset startedAgain) => (_wait, _startedAgain) = (wait, startedAgain);

    public readonly TimeSpan Wait => _wait;

    public readonly DateTimeOffset StartedAgain => _startedAgain;

    /// <summary>The pause of a container that ended at this time.</summary>
    public readonly TimeSpan After(DateTimeOffset ended) =>
        ended - _startedAgain > Forgotten ? TimeSpan.Zero : _wait;

    /// <summary>It is started again, after it ended at a time.</summary>
    public void Count(DateTimeOffset ended, DateTimeOffset now)
    {
        var wait = After(ended);
        (_wait, _startedAgain) = (wait == TimeSpan.Zero ? First : wait * 2 < Longest ? wait * 2 : Longest, now);
    }
}
