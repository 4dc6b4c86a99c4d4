using System.Globalization;
using Dataplane.Kubernetes.Objects;
using Dataplane.Runtime.Statuses;

namespace Dataplane.Runtime.Life;

/// <summary>A container from its first start to its last end.</summary>
/// <param name="policy">When it is started again.</param>
/// <param name="grace">Of the pod.</param>
/// <param name="pod">The pod's name as messages have it.</param>
/// <param name="waiting">Why it does not run at first.</param>
internal sealed class ContainerLife(ContainerSpec container, RestartPolicy policy, TimeSpan grace, string pod,
    string waiting)
{
    private ContainerState _state = new ContainerState.Waiting(waiting);
    private ContainerState.Terminated? _last;
    private BackOff _backOff;
    private ContainerRun? _run;

    /// <summary>Starts that were ordered, and those of which it is known what became of them.</summary>
    private int _starts, _attempts;

    /// <summary>When it is to be started; null: not now.</summary>
    private DateTimeOffset? _due;

    /// <summary>A start is under way.</summary>
    private bool _isStarting;

    /// <summary>It is not to be started again.</summary>
    private bool _isLast;

    private TimeSpan _lastGrace;

    public string Name => container.Name;

    /// <summary>It will not run again, or never does.</summary>
    public bool IsOver => _isLast && _run is null && !_isStarting;

    /// <summary>It ended with exit code 0, and will not run again.</summary>
    public bool HasSucceeded => IsOver && _state is ContainerState.Terminated { Exit.Code: 0 };

    /// <summary>It was started at least once, or could not be.</summary>
    public bool WasStarted => _run is not null || _last is not null || _state is ContainerState.Terminated;

    public bool IsStarted => _run is { IsStarted: true };

    public ContainerStatus Status => new(Name, _state, Math.Max(0, _attempts - 1), _run is { IsReady: true },
        IsStarted, _last);

    public ContainerMemory Memory => new(Name, _state, _last, _starts, _attempts, _backOff.Wait, _backOff.StartedAgain,
        _due, _isStarting, _isLast, _lastGrace, _run?.Memory);

    /// <summary>When <see cref="Collect"/> has something to say; null: not by itself.</summary>
    public DateTimeOffset? Due => _run is not null ? _run.Due : _due;

    /// <summary>Goes on from there.</summary>
    public void Restore(ContainerMemory memory, DateTimeOffset now)
    {
        (_state, _last, _starts, _attempts) = (memory.State, memory.Last, memory.Starts, memory.Attempts);
        (_due, _isStarting, _isLast) = (memory.Due, memory.IsStarting, memory.IsLast);
        (_backOff, _lastGrace) = (new BackOff(memory.Pause, memory.StartedAgain), memory.LastGrace);
        _run = memory.Run is null ? null : ContainerRun.Of(container, memory.Run, now);
    }

    /// <summary>Its turn has come.</summary>
    public void Allow(DateTimeOffset now)
    {
        if (_starts == 0 && !_isLast) _due ??= now;
    }

    /// <summary>It is to end for good.</summary>
    public void Stop(TimeSpan within, DateTimeOffset now)
    {
        (_isLast, _due, _lastGrace) = (true, null, within);
        _run?.Stop(within, now);
        // What waited for its next run has ended with the one before.
        if (_run is null && !_isStarting && _state is ContainerState.Waiting && _last is not null)
            (_state, _last) = (_last, null);
    }

    public void Started(DateTimeOffset now)
    {
        Attempted();
        if (_state is ContainerState.Terminated before) _last = before;
        _run = new ContainerRun(container, now);
        _state = new ContainerState.Running(now);
        if (_isLast) _run.Stop(_lastGrace, now);
    }

    /// <summary>A start that was ordered has not begun, and never will.</summary>
    /// <param name="due">When it is ordered again.</param>
    public void NotBegun(DateTimeOffset due)
    {
        _isStarting = false;
        if (_isLast) return;
        _starts--;
        _due = due;
    }

    /// <summary>It cannot be started as it is, which is no attempt; it is tried again when the pause is over.</summary>
    public void Refused(string reason, string message, TimeSpan pause, DateTimeOffset now)
    {
        NotBegun(now + pause);
        if (_state is ContainerState.Terminated before) _last = before;
        _state = new ContainerState.Waiting(reason, message);
    }

    public void NotStarted(string message, DateTimeOffset now)
    {
        Attempted();
        End(new ContainerState.Terminated(ContainerExit.NotStarted(message), now, now), now);
        if (_state is not ContainerState.Terminated ended || _isLast) return;
        _last = ended;
        _state = new ContainerState.Waiting("RunContainerError", message);
    }

    public void Ended(ContainerExit exit, DateTimeOffset now)
    {
        var from = _run?.Start ?? now;
        _run = null;
        End(new ContainerState.Terminated(exit, from, now), now);
    }

    public void Probed(ProbeKind kind, bool isGood, DateTimeOffset now) => _run?.Take(kind, isGood, grace, now);

    public void ActionEnded() => _run?.ActionEnded();

    public void Collect(DateTimeOffset now, List<Order> orders)
    {
        _run?.Collect(now, orders);
        if (_due is not { } due || due > now) return;
        (_due, _isStarting) = (null, true);
        if (_starts > 0) _backOff.Count((_state as ContainerState.Terminated ?? _last!).Until, now);
        orders.Add(new Order.Start(_starts++) { Container = Name });
    }

    private void Attempted()
    {
        _isStarting = false;
        _attempts++;
    }

    private void End(ContainerState.Terminated ended, DateTimeOffset now)
    {
        _isLast |= policy == RestartPolicy.Never || (policy == RestartPolicy.OnFailure && ended.Exit.Code == 0);
        _state = ended;
        if (_isLast) return;
        var pause = _backOff.After(now);
        _due = now + pause;
        if (pause == TimeSpan.Zero) return;
        _last = ended;
        _state = new ContainerState.Waiting("CrashLoopBackOff",
            $"back-off {Text(pause)} restarting failed container={Name} pod={pod}");
    }

    /// <summary>As Go writes a duration.</summary>
    private static string Text(TimeSpan pause) => string.Create(CultureInfo.InvariantCulture,
        $"{(pause.TotalMinutes >= 1 ? $"{(int)pause.TotalMinutes}m" : "")}{pause.Seconds}s");
}
