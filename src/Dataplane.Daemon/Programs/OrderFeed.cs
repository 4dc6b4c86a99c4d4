using Dataplane.Control.Reconcile;
using Dataplane.Control.State;
using Dataplane.Daemon.Configuration;
using Dataplane.Kubernetes.Objects;
using Dataplane.Planning;
using Dataplane.Policy.Model;
using Dataplane.Runtime.Supervision.Client;

namespace Dataplane.Daemon.Programs;

/// <summary>
/// Tells a supervisor what is to run, at a cost that follows the difference to what it was told. For one thread at a
/// time, and for one connection.
/// </summary>
/// <param name="tell">Takes what the node has to know.</param>
internal sealed class OrderFeed(DaemonOptions options, KnownPods pods, Action<ProgramNews> tell, Deadlines deadlines)
{
    /// <summary>Requests that wait for an answer at the same time.</summary>
    private const int AtOnce = 64;

    /// <summary>
    /// How long after a pod's grace period its end may be told: the supervisor ends by force what is left.
    /// </summary>
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(10);

    private NodeSnapshot? _told;

    /// <summary>Nothing has been told before the last <see cref="MoveToAsync"/>.</summary>
    public bool IsFirst { get; private set; }

    /// <summary>Number of pods whose programs run.</summary>
    public int Count { get; private set; }

    /// <exception cref="IOException">The connection broke, or the supervisor cannot take it.</exception>
    public async Task MoveToAsync(SupervisorClient client, NodeSnapshot snapshot, CancellationToken stop)
    {
        var attached = ListDelta.Between(_told?.Pods ?? [], snapshot.Pods);
        var onNode = ListDelta.Between(_told?.Cluster.Pods ?? [], snapshot.Cluster.Pods);
        var gone = attached.Removed.Select(p => p.Pod).Concat(onNode.Removed.Where(p => p.IsHostNetwork))
            .Select(p => p.Name).ToHashSet();
        var come = attached.Added.Select(p => (p.Pod, Netns: p.NetnsName ?? p.NetnsPath))
            .Concat(onNode.Added.Where(p => p.IsHostNetwork).Select(p => (Pod: p, Netns: (string?)null)))
            .Where(p => IsRun(p.Pod.Pod, snapshot)
                && !snapshot.State.Programs.Ending.ContainsKey(p.Pod.Name)).ToList();
        IsFirst = _told is null;
        if (IsFirst) gone.UnionWith(pods.Known);
        gone.ExceptWith(come.Select(p => p.Pod.Name));
        var requests = gone.Select(pod => (Func<Task>)(() => EndAsync(client, pod, snapshot, stop)))
            .Concat(EndingAnew(snapshot).Except(gone).Select(
                pod => (Func<Task>)(() => EndAsync(client, pod, snapshot, stop))))
            .Concat(come.Select(p => (Func<Task>)(() => SetAsync(client, p.Pod, p.Netns, snapshot, stop))));
        foreach (var chunk in requests.Chunk(AtOnce)) await Task.WhenAll(chunk.Select(request => request()));
        _told = snapshot;
        Count = pods.Orders;
    }

    /// <summary>Whether something runs in a pod, or is to, of which the supervisor is told.</summary>
    public static bool IsRun(PodObject pod, NodeSnapshot snapshot) => pod.Programs != PodPrograms.None
        && !BuiltInObjects.IsPod(pod) && !snapshot.State.Attachments.ContainsKey(pod.FullName);

    /// <summary>Pods that are to end since the last time.</summary>
    private IEnumerable<string> EndingAnew(NodeSnapshot snapshot)
    {
        var (before, now) = (_told?.State.Programs.Ending, snapshot.State.Programs.Ending);
        return ReferenceEquals(before, now) ? [] : now.Keys.Where(pod => before?.ContainsKey(pod) is not true);
    }

    private async Task SetAsync(SupervisorClient client, PodEndpoint pod, string? netns, NodeSnapshot snapshot,
        CancellationToken stop)
    {
        var before = pods.Order(pod.Name);
        var order = PodOrders.Of(pod, netns, snapshot, options, before);
        if (ReferenceEquals(order, before)) return;
        if (pods.Set(order) is { } news) tell(news);
        await client.SetAsync(order, stop);
    }

    private async Task EndAsync(SupervisorClient client, string pod, NodeSnapshot snapshot, CancellationToken stop)
    {
        var ending = snapshot.State.Programs.Ending.GetValueOrDefault(pod);
        // It is told once, or its time would begin anew.
        if (ending is not null && _told?.State.Programs.Ending.ContainsKey(pod) is true) return;
        var runs = pods.End(pod, isEnding: ending is not null);
        if (runs)
        {
            var grace = ending?.GraceSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
            if (ending is not null)
            {
                deadlines.Set(pod,
                    (grace ?? TimeSpan.FromSeconds(ending.Pod.Programs.GraceSeconds)) + Reserve);
            }
            await client.DeleteAsync(pod, grace, stop);
        }
        else if (ending is not null)
        {
            tell(new ProgramNews(new Dictionary<string, bool>(), new HashSet<string> { pod }));
        }
    }
}
