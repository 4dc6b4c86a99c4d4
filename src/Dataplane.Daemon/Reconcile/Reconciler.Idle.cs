using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Dataplane.Linux.Native;
namespace Dataplane.Daemon.Reconcile;

/// <content>What time is for when nobody wants anything. Times are of <see cref="Environment.TickCount64"/>, in milliseconds.</content>
internal sealed partial class Reconciler
{
    private const int MendEvery = 2000;

    /// <summary>Idle for so long, a daemon gives memory back: what it has allocated since it did is worth the trouble, or so many objects came at once.</summary>
    private const int TidyAfter = 2000, TidySoon = 100, ManyObjects = 1000;

    /// <summary>Bytes.</summary>
    private const long WorthTidying = 8 << 20;

    /// <summary>
    /// A check looks at sets of the kernel's for so long, at one at least; the next one waits for so long, and for so many times as long as it took.
    /// </summary>
    private const int CheckFor = 2, CheckEvery = 2000, CheckShare = 100;

    /// <summary>For so long what is due leaves those who wait their turn.</summary>
    private const int Patience = 1000;

    /// <summary>When pods that could not be mended are looked at again.</summary>
    private long _mendAt;

    private long _checkAt = Environment.TickCount64 + CheckEvery;

    /// <summary>When memory is given back, and when at the latest; never, as long as there is nothing to give.</summary>
    private long _tidyAt = long.MaxValue, _tidyBy = long.MaxValue;

    /// <summary>What had been allocated when memory was given back, bytes.</summary>
    private long _tidied;

    private bool IsOverdue => Environment.TickCount64 is var now && (now >= _checkAt + Patience || now >= _tidyBy);

    /// <summary>Something has been done, with so many objects.</summary>
    private void LeaveForTidying(int objects)
    {
        var now = Environment.TickCount64;
        if (objects >= ManyObjects && _tidyBy == long.MaxValue) _tidyBy = now + Patience;
        if (_tidyBy != long.MaxValue || GC.GetTotalAllocatedBytes() - _tidied >= WorthTidying) _tidyAt = now + (_tidyBy != long.MaxValue ? TidySoon : TidyAfter);
    }

    /// <summary>Waits for something to do, until something else is due.</summary>
    private bool TryTake([NotNullWhen(true)] out WorkItem? item)
    {
        item = null;
        // A time, not a pause: however much there is to do meanwhile.
        _retryAt = IsDone ? null : _retryAt ?? Environment.TickCount64 + (long)_retryIn.TotalMilliseconds;
        var now = Environment.TickCount64;
        var mayWait = !(_retryAt <= now) && !IsOverdue;
        var due = Math.Min(Math.Min(_retryAt ?? long.MaxValue, Picture.Broken.Count > 0 ? _mendAt : long.MaxValue), Math.Min(_checkAt, _tidyAt));
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
        else if (_tidyAt <= now || _tidyBy <= now) Tidy();
        else if (_checkAt <= now) Check();
    }

    /// <summary>A change leaves several times its size behind, and the machine may have better uses for it than the next collection.</summary>
    private void Tidy()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
        NativeHeap.Trim();
        (_tidyAt, _tidyBy, _tidied) = (long.MaxValue, long.MaxValue, GC.GetTotalAllocatedBytes());
    }

    /// <summary>Notices tell of what others do; this finds what nobody tells.</summary>
    private void Check()
    {
        var started = Stopwatch.GetTimestamp();
        bool isAsCompiled;
        do isAsCompiled = _node.Check();
        while (isAsCompiled && Stopwatch.GetElapsedTime(started).TotalMilliseconds < CheckFor);
        _checkAt = Environment.TickCount64 + Math.Max(CheckEvery, (long)(CheckShare * Stopwatch.GetElapsedTime(started).TotalMilliseconds));
        if (!isAsCompiled) Repair(_node.RepairSuspected);
    }
}
