namespace Dataplane.Control.Reconcile;

/// <summary>
/// When the stored state is enforced again: after 1 s, then after twice as long each time, at most 30 s.
/// </summary>
internal sealed class RetryTimer
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1), Last = TimeSpan.FromSeconds(30);

    /// <summary>How long the next retry waits.</summary>
    public TimeSpan Delay { get; private set; } = First;

    /// <summary><see cref="long.MaxValue"/>: no retry is due.</summary>
    public long DueAt { get; private set; } = long.MaxValue;

    /// <summary>Keeps the time of a retry that is already due, however much other work there is meanwhile.</summary>
    /// <param name="isDone">The stored state is enforced.</param>
    public void Settle(bool isDone, long now)
    {
        if (isDone) DueAt = long.MaxValue;
        else if (DueAt == long.MaxValue) DueAt = now + (long)Delay.TotalMilliseconds;
    }

    public void Failed(long now)
    {
        DueAt = now + (long)Delay.TotalMilliseconds;
        Delay = Delay * 2 < Last ? Delay * 2 : Last;
    }

    public void Succeeded() => Delay = First;
}
