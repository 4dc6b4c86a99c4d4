using Dataplane.Kubernetes.Objects;

namespace Dataplane.Runtime.Life;

/// <summary>One run of a container: its probes, and its end where that is asked for.</summary>
/// <param name="start">When it was started.</param>
/// <param name="isStarted">What its startup probe has said.</param>
/// <param name="isReady">What its readiness probe has said.</param>
internal sealed class ContainerRun(
    ContainerSpec container, DateTimeOffset start, bool isStarted = false, bool isReady = false)
{
    private readonly ProbeTrack? _startup = Track(container.Startup, start, isStarted);
    private readonly ProbeTrack? _liveness = Track(container.Liveness, start, isGood: true);
    private readonly ProbeTrack? _readiness = Track(container.Readiness, start, isReady);
    private Stopping? _stopping;

    public DateTimeOffset Start => start;

    public RunMemory Memory => new(start, IsStarted, _readiness is null or { IsGood: true }, _stopping?.By,
        _stopping is { HasActed: true });

    public bool IsStarted => _startup is null or { IsGood: true };

    public bool IsReady => IsStarted && _readiness is null or { IsGood: true };

    /// <summary>When <see cref="Collect"/> has something to say; null: not by itself.</summary>
    public DateTimeOffset? Due => _stopping is not null ? _stopping.Due
        : IsStarted ? Earliest(_liveness?.Due, _readiness?.Due) : _startup!.Due;

    /// <summary>A run that went on while nobody looked.</summary>
    public static ContainerRun Of(ContainerSpec container, RunMemory memory, DateTimeOffset now)
    {
        var run = new ContainerRun(container, memory.Start, memory.IsStarted, memory.IsReady);
        // Whoever was asked to end is asked again: it may not have been told.
        if (memory.StopBy is { } by)
            run._stopping = new Stopping(memory.HasActed ? null : container.PreStop, by - now, now);
        return run;
    }

    public void Stop(TimeSpan grace, DateTimeOffset now)
    {
        if (_stopping is null) _stopping = new Stopping(container.PreStop, grace, now);
        else _stopping.Shorten(grace, now);
    }

    public void ActionEnded() => _stopping?.ActionEnded();

    /// <param name="grace">Of the pod.</param>
    public void Take(ProbeKind kind, bool isGood, TimeSpan grace, DateTimeOffset now)
    {
        var track = kind switch
        {
            ProbeKind.Startup => _startup,
            ProbeKind.Liveness => _liveness,
            _ => _readiness,
        };
        track?.Take(isGood);
        if (kind == ProbeKind.Readiness || track is not { HasFailed: true } || _stopping is not null) return;
        Stop(track.Probe.GraceSeconds is { } own ? TimeSpan.FromSeconds(own) : grace, now);
    }

    public void Collect(DateTimeOffset now, List<Order> orders)
    {
        if (_stopping is not null)
        {
            _stopping.Collect(container.Name, now, orders);
            return;
        }
        if (!IsStarted)
        {
            Send(_startup, ProbeKind.Startup, now, orders);
            return;
        }
        Send(_liveness, ProbeKind.Liveness, now, orders);
        Send(_readiness, ProbeKind.Readiness, now, orders);
    }

    public static DateTimeOffset? Earliest(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null ? other : other is null || one < other ? one : other;

    private void Send(ProbeTrack? track, ProbeKind kind, DateTimeOffset now, List<Order> orders)
    {
        if (track is not { Due: { } due } || due > now) return;
        track.Send(now);
        orders.Add(new Order.Probe(kind) { Container = container.Name });
    }

    private static ProbeTrack? Track(ContainerProbe? probe, DateTimeOffset start, bool isGood) =>
        probe is null ? null : new ProbeTrack(probe, start, isGood);
}
