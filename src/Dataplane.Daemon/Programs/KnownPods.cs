using System.Collections.Concurrent;
using System.Collections.Immutable;
using Dataplane.Control.State;
using Dataplane.Runtime.Supervision;

namespace Dataplane.Daemon.Programs;

/// <summary>
/// What is to run in pods and what the supervisor says about them, by <c>namespace/name</c>; and what the node has to
/// know of that. Safe for concurrent use.
/// </summary>
internal sealed class KnownPods
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, PodReport> _reports = [];
    private readonly Dictionary<string, PodOrder> _orders = [];
    private readonly HashSet<string> _ready = [];

    /// <summary>Pods that are to end, and the identity of what ran in each; null: nothing did.</summary>
    private readonly Dictionary<string, string?> _ending = [];
    private TaskCompletionSource _change = NewChange();

    /// <summary>Ends when something is known that was not before.</summary>
    public Task Change => Volatile.Read(ref _change).Task;

    /// <summary>Null: nothing is known of it.</summary>
    public PodReport? Report(string pod) => _reports.GetValueOrDefault(pod);

    /// <summary>What is to run in a pod; null: nothing.</summary>
    public PodOrder? Order(string pod)
    {
        lock (_lock) return _orders.GetValueOrDefault(pod);
    }

    /// <summary>Number of pods in which something is to run.</summary>
    public int Orders
    {
        get
        {
            lock (_lock) return _orders.Count;
        }
    }

    /// <summary>Pods of which something is known, or in which something is to run.</summary>
    public IReadOnlyList<string> Known
    {
        get
        {
            lock (_lock) return [.. _reports.Keys.Union(_orders.Keys)];
        }
    }

    /// <summary>What all pods are ready for at the start: what runs then is taken for what is to run.</summary>
    public ProgramState Begin(IReadOnlyList<PodReport> first)
    {
        Reset(first);
        lock (_lock)
        {
            return new ProgramState { IsRunning = true, Ready = [.. _ready] };
        }
    }

    /// <summary>A supervisor has said all it knows. What it does not know does not run.</summary>
    public ProgramNews Reset(IReadOnlyList<PodReport> first)
    {
        lock (_lock)
        {
            var before = _ready.ToList();
            _reports.Clear();
            _orders.Clear();
            _ready.Clear();
            foreach (var report in first.Where(r => r.Status is not null))
            {
                _reports[report.Order.Key] = report;
                if (!report.Status!.IsTerminating) _orders[report.Order.Key] = report.Order;
                if (report.Status.IsReady) _ready.Add(report.Order.Key);
            }
            var gone = _ending.Keys.Where(k => !_reports.ContainsKey(k)).ToHashSet();
            foreach (var pod in gone) _ending.Remove(pod);
            Tell();
            return new ProgramNews(
                before.Union(_ready).ToDictionary(pod => pod, _ready.Contains), gone);
        }
    }

    /// <summary>The supervisor says something.</summary>
    /// <returns>Null: nothing that the node must know.</returns>
    public ProgramNews? Take(PodReport report)
    {
        var pod = report.Order.Key;
        lock (_lock)
        {
            var isOurs = !_orders.TryGetValue(pod, out var order) || order.Identity == report.Order.Identity;
            var isReady = isOurs && report.Status is { IsReady: true };
            if (report.Status is not null) _reports[pod] = report;
            else if (_reports.TryGetValue(pod, out var last) && last.Order.Identity == report.Order.Identity)
                _reports.TryRemove(pod, out _);
            var hasEnded = report.Status is null && _ending.TryGetValue(pod, out var identity)
                && (identity is null || identity == report.Order.Identity);
            if (hasEnded) _ending.Remove(pod);
            if (report.Status is null && isOurs) _orders.Remove(pod);
            Tell();
            return Changed(pod, isReady, hasEnded);
        }
    }

    /// <summary>Something else is to run in a pod: what runs there is not ready for that.</summary>
    /// <inheritdoc cref="Take"/>
    public ProgramNews? Set(PodOrder order)
    {
        lock (_lock)
        {
            var isSame = _orders.TryGetValue(order.Key, out var before) && before.Identity == order.Identity;
            _orders[order.Key] = order;
            return isSame ? null : Changed(order.Key, isReady: false, hasEnded: false);
        }
    }

    /// <summary>A pod is to end.</summary>
    /// <returns>Whether anything runs in it.</returns>
    public bool End(string pod, bool isEnding)
    {
        lock (_lock)
        {
            _orders.Remove(pod, out var order);
            var runs = order is not null || _reports.ContainsKey(pod);
            if (runs && isEnding) _ending[pod] = order?.Identity ?? _reports.GetValueOrDefault(pod)?.Order.Identity;
            return runs;
        }
    }

    /// <summary>It is not waited for any longer.</summary>
    /// <returns>Whether it was.</returns>
    public bool GiveUp(string pod)
    {
        lock (_lock) return _ending.Remove(pod);
    }

    private ProgramNews? Changed(string pod, bool isReady, bool hasEnded)
    {
        var differs = isReady ? _ready.Add(pod) : _ready.Remove(pod);
        return !differs && !hasEnded ? null : new ProgramNews(
            differs ? new Dictionary<string, bool> { [pod] = isReady } : ImmutableDictionary<string, bool>.Empty,
            hasEnded ? new HashSet<string> { pod } : ImmutableHashSet<string>.Empty);
    }

    private void Tell() => Interlocked.Exchange(ref _change, NewChange()).SetResult();

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
