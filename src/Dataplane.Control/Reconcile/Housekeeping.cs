namespace Dataplane.Control.Reconcile;

/// <summary>Work that no request asks for, in the order in which it is done when several are due.</summary>
internal enum Chore { None, Retry, RepairBroken, GiveMemoryBack, Check }

/// <summary>
/// When housekeeping is due. It only computes: every method is told the time, in milliseconds of one monotonic clock
/// (<see cref="Environment.TickCount64"/>).
/// </summary>
internal sealed class Housekeeping(long now)
{
    /// <summary>How long queued requests may delay a check, or memory being given back, milliseconds.</summary>
    public const int Patience = 1000;

    /// <summary>Interval between repairs of broken pods, and the shortest one between checks, milliseconds.</summary>
    private const int RepairEvery = 2000, CheckEvery = 2000;

    /// <summary>A check waits at least this many times as long as the one before it took.</summary>
    private const int CheckShare = 100;

    private long _repairAt, _checkAt = now + CheckEvery;

    public RetryTimer Retry { get; } = new();

    public IdleMemory Memory { get; } = new();

    /// <summary>Housekeeping comes before queued requests: they have delayed it long enough.</summary>
    public bool IsOverdue(long now) => now >= _checkAt + Patience || now >= Memory.OverdueAt;

    /// <summary>Requests may be taken first.</summary>
    public bool CanWait(long now) => now < Retry.DueAt && !IsOverdue(now);

    /// <summary>When the next chore is due.</summary>
    /// <param name="isBroken">There are pods that could not be repaired.</param>
    public long NextAt(bool isBroken) =>
        Math.Min(Math.Min(Retry.DueAt, isBroken ? _repairAt : long.MaxValue), Math.Min(_checkAt, Memory.DueAt));

    /// <summary>The first chore that is due.</summary>
    /// <inheritdoc cref="NextAt"/>
    public Chore Due(long now, bool isBroken)
    {
        if (Retry.DueAt <= now) return Chore.Retry;
        if (IsRepairDue(now, isBroken)) return Chore.RepairBroken;
        if (Memory.DueAt <= now || Memory.OverdueAt <= now) return Chore.GiveMemoryBack;
        return _checkAt <= now ? Chore.Check : Chore.None;
    }

    /// <summary>No notice tells when the obstacle to a repair has gone, so broken pods are looked at again.</summary>
    /// <inheritdoc cref="NextAt"/>
    public bool IsRepairDue(long now, bool isBroken) => isBroken && _repairAt <= now;

    public void Repaired(long now) => _repairAt = now + RepairEvery;

    public void Checked(TimeSpan took, long now) =>
        _checkAt = now + Math.Max(CheckEvery, (long)(CheckShare * took.TotalMilliseconds));
}
