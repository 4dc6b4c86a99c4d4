using Dataplane.Kubernetes.Objects;
using Dataplane.Runtime.Statuses;

namespace Dataplane.Runtime.Life;

/// <summary>
/// The containers of a pod from its first start to its end, as a kubelet leads them: what happened goes in, and what is
/// to be done now comes out. It waits for nothing and reads no clock. For one thread at a time.
/// </summary>
public sealed class PodLife
{
    private readonly PodPrograms _programs;
    private readonly DateTimeOffset _start;
    private readonly List<ContainerLife> _init, _containers;
    private string? _reason;
    private bool _isDeleted;

    /// <summary>When all of it must have ended; null: it is not asked to.</summary>
    private DateTimeOffset? _end;

    public PodLife(string ns, string name, PodPrograms programs, DateTimeOffset now)
    {
        (_programs, _start) = (programs, now);
        var (grace, pod) = (TimeSpan.FromSeconds(programs.GraceSeconds), $"{name}_{ns}");
        var waiting = programs.Init.Count > 0 ? "PodInitializing" : "ContainerCreating";
        _init = [.. programs.Init.Select(c => new ContainerLife(c, PolicyOf(c), grace, pod, waiting))];
        _containers =
            [.. programs.Containers.Select(c => new ContainerLife(c, programs.RestartPolicy, grace, pod, waiting))];

        // An init container that has done its work is not started again.
        RestartPolicy PolicyOf(ContainerSpec init) => init.IsSidecar ? RestartPolicy.Always
            : programs.RestartPolicy == RestartPolicy.Never ? RestartPolicy.Never : RestartPolicy.OnFailure;
    }

    /// <summary>What outlives this process.</summary>
    public PodMemory Memory => new(_start, _reason, _isDeleted, _end, [.. All.Select(c => c.Memory)]);

    /// <summary>It was deleted, and nothing of it runs any more.</summary>
    public bool IsGone => _isDeleted && All.All(c => c.IsOver);

    /// <summary>When <see cref="Advance"/> has something to say; null: not before the next event.</summary>
    public DateTimeOffset? Wake => All.Aggregate(Deadline, (first, c) => ContainerRun.Earliest(first, c.Due));

    public PodStatus Status
    {
        get
        {
            var containers = _containers.ConvertAll(c => c.Status);
            var init = _init.ConvertAll(c => c.HasSucceeded ? c.Status with { IsReady = true } : c.Status);
            var phase = Phase;
            return new PodStatus(_programs, phase, _reason, init, containers,
                phase == PodPhase.Running && containers.TrueForAll(c => c.IsReady)
                    && Sidecars.All(c => c.Status.IsReady), _isDeleted);
        }
    }

    private IEnumerable<ContainerLife> All => _init.Concat(_containers);

    private IEnumerable<ContainerLife> Sidecars => _init.Where((_, i) => _programs.Init[i].IsSidecar);

    private DateTimeOffset? Deadline => _programs.DeadlineSeconds is { } seconds && _end is null && !HasEnded
        ? _start + TimeSpan.FromSeconds(seconds) : null;

    /// <summary>An init container has failed for good.</summary>
    private bool HasFailedInit => _init.Where((c, i) => !_programs.Init[i].IsSidecar)
        .Any(c => c is { IsOver: true, HasSucceeded: false, WasStarted: true });

    private bool HasEnded => HasFailedInit || _containers.TrueForAll(c => c.IsOver);

    private PodPhase Phase => !HasEnded ? IsUnderWay ? PodPhase.Running : PodPhase.Pending
        : _reason is null && _containers.TrueForAll(c => c.HasSucceeded) ? PodPhase.Succeeded : PodPhase.Failed;

    private bool IsUnderWay => _containers.TrueForAll(c => c.WasStarted);

    /// <summary>
    /// The life of a pod from where it was. What ran is taken to run, and what became of a start that was ordered is
    /// still to be said: <see cref="Started"/>, <see cref="NotStarted"/> or <see cref="NotBegun"/>.
    /// </summary>
    public static PodLife Restore(
        string ns, string name, PodPrograms programs, PodMemory memory, DateTimeOffset now)
    {
        var life = new PodLife(ns, name, programs, memory.Start)
        {
            _reason = memory.Reason, _isDeleted = memory.IsDeleted, _end = memory.End,
        };
        foreach (var container in memory.Containers) life.Find(container.Name).Restore(container, now);
        return life;
    }

    /// <summary>A start that was ordered has not begun, and never will: it is ordered again.</summary>
    public void NotBegun(string container, DateTimeOffset now) => Find(container).NotBegun(now);

    /// <summary>A container cannot be started as it is: its start is ordered again after a pause.</summary>
    /// <param name="reason">A word such as <c>CreateContainerConfigError</c>.</param>
    public void Refused(string container, string reason, string message, TimeSpan pause, DateTimeOffset now) =>
        Find(container).Refused(reason, message, pause, now);

    /// <summary>A container runs.</summary>
    public void Started(string container, DateTimeOffset now) => Find(container).Started(now);

    /// <summary>A container could not be started.</summary>
    /// <param name="message">Why, as runc words it.</param>
    public void NotStarted(string container, string message, DateTimeOffset now) =>
        Find(container).NotStarted(message, now);

    /// <summary>All of a container has ended.</summary>
    public void Ended(string container, ContainerExit exit, DateTimeOffset now) => Find(container).Ended(exit, now);

    /// <summary>What a probe found.</summary>
    public void Probed(string container, ProbeKind kind, bool isGood, DateTimeOffset now) =>
        Find(container).Probed(kind, isGood, now);

    /// <summary>The action before the end of a container is over, however it went.</summary>
    public void PreStopped(string container) => Find(container).ActionEnded();

    /// <summary>All of it is to end; a second call can only shorten the time for it.</summary>
    /// <param name="grace">Null: as the manifest says.</param>
    public void Delete(DateTimeOffset now, TimeSpan? grace = null)
    {
        _isDeleted = true;
        EndBy(now + (grace ?? TimeSpan.FromSeconds(_programs.GraceSeconds)));
    }

    /// <summary>What is to be done now, each thing once.</summary>
    public IReadOnlyList<Order> Advance(DateTimeOffset now)
    {
        if (Deadline <= now)
        {
            _reason = "DeadlineExceeded";
            EndBy(now + TimeSpan.FromSeconds(_programs.GraceSeconds));
        }
        if (_end is null && !HasEnded) Admit(now);
        else End(now);
        var orders = new List<Order>();
        foreach (var container in All) container.Collect(now, orders);
        return orders;
    }

    private void EndBy(DateTimeOffset end) => _end = _end < end ? _end : end;

    /// <summary>Init containers one after the other, then all others.</summary>
    private void Admit(DateTimeOffset now)
    {
        for (var i = 0; i < _init.Count; i++)
        {
            _init[i].Allow(now);
            if (_programs.Init[i].IsSidecar ? !_init[i].IsStarted && !_containers.Exists(c => c.WasStarted)
                : !_init[i].HasSucceeded)
            {
                return;
            }
        }
        foreach (var container in _containers) container.Allow(now);
    }

    /// <summary>First those that do the work, then the sidecars, the last one first.</summary>
    private void End(DateTimeOffset now)
    {
        var within = _end is { } end ? end - now : TimeSpan.FromSeconds(_programs.GraceSeconds);
        var first = All.Except(Sidecars).ToList();
        foreach (var container in first) container.Stop(within, now);
        if (!first.TrueForAll(c => c.IsOver)) return;
        foreach (var sidecar in Sidecars.Reverse())
        {
            sidecar.Stop(within, now);
            if (!sidecar.IsOver) return;
        }
    }

    private ContainerLife Find(string container) => All.First(c => c.Name == container);
}
