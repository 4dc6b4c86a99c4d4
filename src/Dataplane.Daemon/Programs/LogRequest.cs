namespace Dataplane.Daemon.Programs;

/// <summary>What a client wants of a pod's log.</summary>
/// <param name="Container">Null: the only one.</param>
/// <param name="IsFollowed">Until the run of the container ends.</param>
/// <param name="IsPrevious">Of the run before; it is never followed.</param>
/// <param name="HasTimes">Each line begins with the time at which it was written.</param>
/// <param name="Tail">How many of the past lines, the last ones.</param>
/// <param name="Since">What is older is left out; null: nothing is.</param>
/// <param name="MaxBytes">After which the answer ends, within a line too.</param>
internal sealed record LogRequest(string? Container, bool IsFollowed, bool IsPrevious, bool HasTimes, int Tail,
    DateTimeOffset? Since, long MaxBytes = long.MaxValue)
{
    /// <summary>So many seconds ago; what is longer ago than 68 years is that.</summary>
    public static DateTimeOffset Ago(long seconds) =>
        TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(Math.Min(seconds, int.MaxValue));
}
