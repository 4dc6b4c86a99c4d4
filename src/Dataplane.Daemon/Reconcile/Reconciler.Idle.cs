using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Dataplane.Daemon.Reconcile;

/// <content>What time is for when nobody wants anything. Times are of <see cref="Environment.TickCount64"/>, in milliseconds.</content>
internal sealed partial class Reconciler
{
    private const int TidyAfter = 2000, MendEvery = 2000;

    /// <summary>
    /// A check looks at sets of the kernel's for so long, at one at least; the next one waits for so long, and for so many times as long as it took.
    /// </summary>
    private const int CheckFor = 2, CheckEvery = 2000, CheckShare = 100;

    /// <summary>For so long a check that is due leaves those who wait their turn.</summary>
    private const int CheckPatience = 1000;

    /// <summary>When pods that could not be mended are looked at again.</summary>
    private long _mendAt;

    /// <summary>When the last work ended.</summary>
    private long _busyAt = Environment.TickCount64;
    private long _checkAt = Environment.TickCount64 + CheckEvery;

    /// <summary>Memory has been given back since.</summary>
    private bool _isTidy;

    private bool IsCheckOverdue => Environment.TickCount64 >= _checkAt + CheckPatience;

    /// <summary>Waits for something to do, until something else is due.</summary>
    private bool TryTake([NotNullWhen(true)] out WorkItem? item)
    {
        item = null;
        // A time, not a pause: however much there is to do meanwhile.
        _retryAt = IsDone ? null : _retryAt ?? Environment.TickCount64 + (long)_retryIn.TotalMilliseconds;
        var now = Environment.TickCount64;
        var mayWait = !(_retryAt <= now) && !IsCheckOverdue;
        var due = Math.Min(_retryAt ?? long.MaxValue, Math.Min(_checkAt, Math.Min(_isTidy ? long.MaxValue : _busyAt + TidyAfter, Picture.Broken.Count > 0 ? _mendAt : long.MaxValue)));
        if ((mayWait || _queue.IsAddingCompleted) && _queue.TryTake(out item, (int)Math.Max(0, due - now))) return true;
        if (_queue.IsAddingCompleted) return false;
        DoWhatIsDue();
        return false;
    }

    private void DoWhatIsDue()
    {
        var now = Environment.TickCount64;
        if (_retryAt <= now) Enforce();
        // Nobody tells when a pod is no longer in the way.
        else if (Picture.Broken.Count > 0 && _mendAt <= now) Repair(_node.Repair);
        else if (_checkAt <= now) Check();
        else if (!_isTidy && _busyAt + TidyAfter <= now)
        {
            // A change leaves several times its size behind, and the machine may have better uses for it than the next collection.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
            _isTidy = true;
        }
    }

    /// <summary>Notices tell of what others do; this finds what nobody tells.</summary>
    private void Check()
    {
        var started = Stopwatch.GetTimestamp();
        bool isAsCompiled;
        do isAsCompiled = _node.Check();
        while (isAsCompiled && Stopwatch.GetElapsedTime(started).TotalMilliseconds < CheckFor);
        if (!isAsCompiled) Repair(_node.RepairSuspected);
        _checkAt = Environment.TickCount64 + Math.Max(CheckEvery, (long)(CheckShare * Stopwatch.GetElapsedTime(started).TotalMilliseconds));
    }
}
