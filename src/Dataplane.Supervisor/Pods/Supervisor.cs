using System.Runtime.InteropServices;
using Dataplane.Linux.Programs;
using Dataplane.Runtime.Supervision;
using Dataplane.Supervisor.Keeping;

namespace Dataplane.Supervisor.Pods;

/// <summary>All pods, led by one thread with one clock.</summary>
internal sealed class Supervisor
{
    /// <summary>Between two looks at what the kernel is ending.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);

    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1), EndGrace = TimeSpan.FromSeconds(2),
        LongestRemoval = TimeSpan.FromSeconds(10);

    private readonly Machinery _machinery;
    private readonly PodStore _store;
    private readonly Action<string> _notice;
    private readonly Dictionary<string, SupervisedPod> _pods = [];
    private bool _isEnding;

    /// <summary>Requests that are carried out, and whose clients do not know it yet.</summary>
    private int _unanswered;

    public Supervisor(Machinery machinery, Action<string> notice)
    {
        (_machinery, _store, _notice) = (machinery, new PodStore(machinery.Files), notice);
        foreach (var record in _store.Read((path, why) => notice($"{path} is no record of a pod, and is left: {why}")))
        {
            var pod = new SupervisedPod(machinery, _store, record);
            pod.Adopt();
            _pods.Add(record.Order.Key, pod);
        }
        RemoveGroups();
    }

    /// <summary>Told each report, by the thread of the loop.</summary>
    public Action<PodReport> Changed { get; set; } = _ => { };

    /// <summary>A report of every pod.</summary>
    public IReadOnlyList<PodReport> All() => [.. _pods.Values.Select(p => p.Now())];

    /// <exception cref="IOException">It cannot be recorded, or an
    /// <see cref="UnauthorizedAccessException"/>.</exception>
    public void Set(PodOrder order)
    {
        if (_isEnding) throw new IOException("the supervisor is ending");
        if (!_pods.TryGetValue(order.Key, out var pod))
        {
            pod = new SupervisedPod(_machinery, _store, order);
            pod.Save();
            _pods.Add(order.Key, pod);
            return;
        }
        if (!pod.Take(order))
        {
            pod.Next = order;
            pod.Delete(null);
        }
        pod.Save();
    }

    /// <exception cref="IOException">It cannot be recorded.</exception>
    public void Delete(string key, TimeSpan? grace)
    {
        if (!_pods.TryGetValue(key, out var pod)) return;
        pod.Next = null;
        pod.Delete(grace);
        pod.Save();
    }

    public void End()
    {
        _isEnding = true;
        foreach (var key in _pods.Keys.ToList()) Delete(key, EndGrace);
    }

    /// <summary>A request is being carried out: the process stays until <see cref="Answered"/>, or whoever ended it
    /// would not hear so.</summary>
    public void Answering() => _unanswered++;

    /// <inheritdoc cref="Answering"/>
    public void Answered() => _unanswered--;

    /// <summary>Leads the pods until <see cref="End"/> was called and none is left.</summary>
    public void Run()
    {
        using var signal = PosixSignalRegistration.Create(PosixSignal.SIGCHLD, _ => _machinery.Loop.Post(Reap));
        // Those that ended before.
        Reap();
        while (!HasEnded)
        {
            foreach (var (key, pod) in _pods.ToList())
                if (pod.IsTouched || pod.IsEndingRuns || pod.Wake <= _machinery.Now) Advance(key, pod);
            if (HasEnded) break;
            _machinery.Loop.Turn(Wait());
        }
        RemoveTree();
        if (Directory.Exists(_machinery.Files.Pods)) Directory.Delete(_machinery.Files.Pods, recursive: true);
    }

    private bool HasEnded => _isEnding && _pods.Count == 0 && _unanswered == 0;

    private void Advance(string key, SupervisedPod pod)
    {
        try
        {
            var report = pod.Advance();
            try
            {
                if (pod.IsGone) Remove(key, pod);
            }
            finally
            {
                // Whoever hears that it is gone finds nothing of it any more.
                if (report is not null) Changed(report);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _notice($"{key}: {e.Message}");
        }
    }

    /// <summary>Nothing of it is left but what takes its place.</summary>
    private void Remove(string key, SupervisedPod pod)
    {
        RemoveGroups(RunFiles.GroupsOf(pod.Ordered));
        if (pod.Next is { } next)
        {
            // Its record takes the place of the old one: at no moment there is none.
            _store.Clear(pod.Ordered);
            _pods[key] = new SupervisedPod(_machinery, _store, next);
            _pods[key].Save();
            return;
        }
        _store.Remove(pod.Ordered);
        _pods.Remove(key);
    }

    private TimeSpan Wait()
    {
        var now = _machinery.Now;
        var wait = LongestWait;
        foreach (var pod in _pods.Values)
        {
            if (pod.IsTouched) return TimeSpan.Zero;
            if (pod.IsEndingRuns) wait = Tick < wait ? Tick : wait;
            if (pod.Wake is { } wake && wake - now < wait) wait = wake - now;
        }
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    private void Reap()
    {
        while (ChildProcess.Reap() is { } ended)
            if (_machinery.Children.Remove(ended.Id, out var told)) told(ended.End);
        _machinery.RemoveLeft();
        foreach (var pod in _pods.Values.Where(p => p.IsEndingRuns)) pod.Touch();
    }

    /// <summary>Removes all control groups: processes in them that init has not waited for yet have a moment.</summary>
    private void RemoveTree()
    {
        for (var end = _machinery.Now + LongestRemoval; _machinery.Groups is not null; Thread.Sleep(Tick))
        {
            RemoveGroups();
            try
            {
                _machinery.Groups.Remove();
                return;
            }
            catch (IOException) when (_machinery.Now < end)
            {
                // Once more.
            }
        }
    }

    /// <summary>Removes the control groups that belong to no run, with all that is in them.</summary>
    /// <param name="prefix">Of their names.</param>
    private void RemoveGroups(string prefix = "")
    {
        if (_machinery.Groups is null) return;
        var known = _pods.Values.SelectMany(p => p.Groups).ToHashSet();
        foreach (var group in _machinery.Groups.All)
        {
            if (known.Contains(group.Name) || !group.Name.StartsWith(prefix, StringComparison.Ordinal)) continue;
            try
            {
                group.Kill();
                Reap();
                group.Remove();
            }
            catch (IOException)
            {
                // A process that init has not waited for yet; the next look finds it.
            }
        }
    }
}
