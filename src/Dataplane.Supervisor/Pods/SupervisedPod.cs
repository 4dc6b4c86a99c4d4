using System.Diagnostics;
using System.Text.Json;
using Dataplane.Kubernetes.Objects;
using Dataplane.Runtime.Life;
using Dataplane.Runtime.Supervision;
using Dataplane.Runtime.Supervision.Wire;
using Dataplane.Supervisor.Keeping;
using Dataplane.Supervisor.Programs;

namespace Dataplane.Supervisor.Pods;

/// <summary>A pod: its life, and what runs of it.</summary>
internal sealed class SupervisedPod
{
    private static readonly TimeSpan RefusalPause = TimeSpan.FromSeconds(10),
        SavePause = TimeSpan.FromSeconds(1);

    private readonly Machinery _machinery;
    private readonly PodStore _store;
    private readonly PodActions _actions;
    private readonly PodLife _life;
    private readonly Dictionary<string, RunningContainer> _running = [];
    private readonly List<RunRecord> _runs, _over = [];

    /// <summary>What is to be done, and not done yet.</summary>
    private readonly List<RunRecord> _starts = [];

    private readonly List<Order> _orders = [];
    private readonly DateTimeOffset _start;
    private byte[] _written = [], _reported = [];

    public SupervisedPod(Machinery machinery, PodStore store, PodOrder order)
        : this(machinery, store, order, machinery.Now, []) =>
        _life = new PodLife(order.Namespace, order.Name, order.Programs, _start);

    /// <summary>One that another supervisor has left. <see cref="Adopt"/> goes on with what runs.</summary>
    public SupervisedPod(Machinery machinery, PodStore store, PodRecord record)
        : this(machinery, store, record.Order, record.Start, [.. record.Runs])
    {
        Next = record.Next;
        _life = PodLife.Restore(record.Order.Namespace, record.Order.Name, record.Order.Programs, record.Memory,
            machinery.Now);
    }

    private SupervisedPod(
        Machinery machinery, PodStore store, PodOrder order, DateTimeOffset start, List<RunRecord> runs)
    {
        (_machinery, _store, Ordered, _start, _runs) = (machinery, store, order, start, runs);
        _actions = new PodActions(machinery);
        _life = null!;
    }

    /// <summary>What it runs.</summary>
    public PodOrder Ordered { get; private set; }

    /// <summary>What takes its place when it is gone.</summary>
    public PodOrder? Next { get; set; }

    public bool IsGone => _life.IsGone && _running.Count == 0;

    /// <summary>When <see cref="Advance"/> has something to do; null: not before the next event.</summary>
    public DateTimeOffset? Wake { get; private set; }

    /// <summary>Something has happened since the last <see cref="Advance"/>.</summary>
    public bool IsTouched { get; private set; } = true;

    public void Touch() => IsTouched = true;

    public bool IsEndingRuns => _running.Values.Any(r => r.IsEnding);

    /// <summary>The names of its control groups.</summary>
    public IEnumerable<string> Groups => _runs.Select(r => Files(r).Group);

    /// <summary>Facts are those of the next start.</summary>
    public bool Take(PodOrder order)
    {
        if (_life.Status.IsTerminating || Ordered with { Facts = order.Facts } != order) return false;
        (Ordered, Next, IsTouched) = (order, null, true);
        return true;
    }

    public void Delete(TimeSpan? grace)
    {
        _life.Delete(_machinery.Now, grace);
        IsTouched = true;
    }

    /// <summary>Finds out what became of what ran.</summary>
    public void Adopt()
    {
        foreach (var run in _runs.ToList())
        {
            var process = Files(run).Settle();
            var container = Running(run);
            container.Adopt(process);
            var isStarting = _life.Memory.Containers.First(c => c.Name == run.Container).IsStarting;
            if (process is null)
            {
                _runs.Remove(run);
                _life.NotBegun(run.Container, _machinery.Now);
                continue;
            }
            if (isStarting) _life.Started(run.Container, _machinery.Now);
            _running[run.Container] = container;
        }
        foreach (var left in _life.Memory.Containers.Where(c => c.IsStarting && !_running.ContainsKey(c.Name)))
            _life.NotBegun(left.Name, _machinery.Now);
    }

    /// <summary>Does what is to be done now.</summary>
    /// <returns>What is to be reported; null: nothing has changed.</returns>
    public PodReport? Advance()
    {
        IsTouched = false;
        var now = _machinery.Now;
        foreach (var running in _running.Values.ToList()) running.Finish();
        // Where it cannot be recorded, what is to be done waits for a moment.
        Wake = now + SavePause;
        foreach (var order in _life.Advance(now))
        {
            _orders.Add(order);
            if (order is not Order.Start) continue;
            _starts.Add(new RunRecord(order.Container, Stopwatch.GetTimestamp() + _starts.Count));
            _runs.Add(_starts[^1]);
        }
        // Before anything is done: whoever comes after this process must know of it.
        Save();
        foreach (var start in _starts) Begin(start);
        foreach (var order in _orders) Obey(order);
        _starts.Clear();
        _orders.Clear();
        Save();
        // Not before it is recorded that these are over.
        foreach (var over in _over) Files(over).End();
        _over.Clear();
        Wake = _life.Wake;
        return Report();
    }

    /// <summary>Records it.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Save()
    {
        var record = JsonSerializer.SerializeToUtf8Bytes(
            new PodRecord(Ordered, Next, _start, _life.Memory, _runs), SupervisorJson.Default.PodRecord);
        if (record.AsSpan().SequenceEqual(_written)) return;
        _store.Write(Ordered, record);
        _written = record;
    }

    /// <summary>The report of now, whether anything has changed or not.</summary>
    public PodReport Now() => new(Ordered, IsGone ? null : _life.Status,
        [.. _running.Values.Select(r => r.Process).OfType<ContainerProcess>()], _start);

    private PodReport? Report()
    {
        var report = Now();
        var text = JsonSerializer.SerializeToUtf8Bytes(WireReport.Of(report), SupervisorJson.Default.WireReport);
        if (text.AsSpan().SequenceEqual(_reported)) return null;
        _reported = text;
        return report;
    }

    private RunFiles Files(RunRecord run) => new(_machinery.Files, Ordered, run.Container, run.Id);

    private ContainerSpec SpecOf(string container) =>
        Ordered.Programs.Init.Concat(Ordered.Programs.Containers).First(c => c.Name == container);

    private RunningContainer Running(RunRecord run) => RunningContainer.Of(_machinery, SpecOf(run.Container),
        Files(run),
        () => Happened(() => _life.Started(run.Container, _machinery.Now)),
        why => Over(run, () => _life.NotStarted(run.Container, why, _machinery.Now)),
        exit => Over(run, () => _life.Ended(run.Container, exit, _machinery.Now)));

    private void Begin(RunRecord run)
    {
        var spec = SpecOf(run.Container);
        if (ProgramStarts.Refusal(Ordered, spec) is { } refusal)
        {
            Over(run, () => _life.Refused(
                run.Container, "CreateContainerConfigError", refusal, RefusalPause, _machinery.Now));
            return;
        }
        var container = Running(run);
        try
        {
            container.Start((files, claim) => ProgramStarts.Of(Ordered, spec, files, claim));
            _running[run.Container] = container;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Over(run, () => _life.NotStarted(run.Container, e.Message, _machinery.Now));
        }
    }

    private void Obey(Order order)
    {
        if (!_running.TryGetValue(order.Container, out var container)) return;
        switch (order)
        {
            case Order.Probe { Kind: var kind }:
                var spec = container.Spec;
                var probe = (kind switch
                {
                    ProbeKind.Startup => spec.Startup,
                    ProbeKind.Liveness => spec.Liveness,
                    _ => spec.Readiness,
                })!;
                _actions.Do(Ordered, container, probe.Action, TimeSpan.FromSeconds(probe.TimeoutSeconds),
                    isGood => IfStill(container, () =>
                        _life.Probed(order.Container, kind, isGood, _machinery.Now)));
                break;
            case Order.PreStop:
                _actions.Do(Ordered, container, container.Spec.PreStop!, PodActions.Longest,
                    _ => IfStill(container, () => _life.PreStopped(order.Container)));
                break;
            case Order.Terminate:
                container.Terminate();
                break;
            case Order.Kill:
                container.Kill();
                break;
        }
    }

    /// <summary>What is said of a run that is over concerns nobody.</summary>
    private void IfStill(RunningContainer container, Action happened)
    {
        if (_running.GetValueOrDefault(container.Spec.Name) == container) Happened(happened);
    }

    private void Over(RunRecord run, Action happened)
    {
        _runs.Remove(run);
        _running.Remove(run.Container);
        _over.Add(run);
        Happened(happened);
    }

    private void Happened(Action happened)
    {
        happened();
        IsTouched = true;
    }
}
