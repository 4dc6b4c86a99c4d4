using Dataplane.Kubernetes.Objects;

namespace Dataplane.Runtime.Life;

/// <summary>One probe of one run of a container: when it is due, and what its results amount to.</summary>
/// <param name="probe">Its numbers.</param>
/// <param name="start">When the container was started.</param>
/// <param name="isGood">What holds before the first result that counts.</param>
internal sealed class ProbeTrack(ContainerProbe probe, DateTimeOffset start, bool isGood)
{
    private int _inRow;
    private bool _last;
    private bool _isOut;

    /// <summary>When the next one is to be made; null while one is under way.</summary>
    public DateTimeOffset? Due => _isOut ? null : Next;

    /// <summary>Whether the container passes, by as many results in a row as the probe asks for.</summary>
    public bool IsGood { get; private set; } = isGood;

    /// <summary>As many in a row have failed as the probe allows.</summary>
    public bool HasFailed { get; private set; }

    public ContainerProbe Probe => probe;

    private DateTimeOffset Next { get; set; } = start + TimeSpan.FromSeconds(probe.DelaySeconds);

    /// <summary>One is made now.</summary>
    public void Send(DateTimeOffset now)
    {
        _isOut = true;
        Next = now + TimeSpan.FromSeconds(probe.PeriodSeconds);
    }

    public void Take(bool isGood)
    {
        _isOut = false;
        _inRow = _inRow > 0 && _last == isGood ? _inRow + 1 : 1;
        _last = isGood;
        if (_inRow < (isGood ? probe.Successes : probe.Failures)) return;
        IsGood = isGood;
        HasFailed = !isGood;
    }
}
