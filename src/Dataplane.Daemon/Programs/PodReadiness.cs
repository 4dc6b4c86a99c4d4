using Dataplane.Control.Reconcile;
using Dataplane.Control.State;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;
using Dataplane.Runtime.Statuses;

namespace Dataplane.Daemon.Programs;

/// <summary>Waits until pods are ready, as <c>kubectl wait --for=condition=Ready</c> does.</summary>
internal static class PodReadiness
{
    /// <summary>The pods of objects whose programs run: pods themselves, and those of workloads.</summary>
    public static IReadOnlyList<PodObject> Of(NodeSnapshot snapshot, IEnumerable<ObjectKey> objects)
    {
        var (pods, workloads) = (new HashSet<string>(), new HashSet<string>());
        foreach (var key in objects) (key.Kind == ObjectKinds.Pod.Name ? pods : workloads).Add(key.Name);
        return [.. snapshot.Cluster.Pods.Select(p => p.Pod).Where(p => OrderFeed.IsRun(p, snapshot)
            && (pods.Contains(p.FullName) || (p.Workload is { } w && workloads.Contains($"{p.Namespace}/{w}"))))];
    }

    /// <summary>Waits until all are ready, or have done what they were to do.</summary>
    /// <returns>Why one is not, after the time; null: all are.</returns>
    public static async Task<string?> WaitAsync(
        KnownPods known, IReadOnlyList<PodObject> pods, TimeSpan within, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(within);
        while (true)
        {
            // Before looking: nothing that comes meanwhile is missed.
            var change = known.Change;
            var missing = pods.Select(p => WhyNot(p, known)).OfType<string>().ToList();
            if (missing.Count == 0) return null;
            try
            {
                await change.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                return missing.Count == 1 ? missing[0] : $"{missing[0]}; and {missing.Count - 1} more";
            }
        }
    }

    /// <summary>Null: it is ready.</summary>
    private static string? WhyNot(PodObject pod, KnownPods known)
    {
        var (report, order) = (known.Report(pod.FullName), known.Order(pod.FullName));
        if (report?.Status is not { } status || order is null || report.Order.Identity != order.Identity)
            return $"pod {pod.FullName} is not ready: it has not been started yet";
        if (status.IsReady || status.Phase == PodPhase.Succeeded) return null;
        var container = status.Init.Concat(status.Containers).FirstOrDefault(c => !c.IsReady);
        return $"pod {pod.FullName} is not ready: {(container is null ? status.Word : Text(container))}";
    }

    private static string Text(ContainerStatus container) => $"container {container.Name} " + container.State switch
    {
        ContainerState.Waiting { Message: { } message } waiting => $"is waiting: {waiting.Reason}: {message}",
        ContainerState.Waiting waiting => $"is waiting: {waiting.Reason}",
        ContainerState.Terminated { Exit: var exit } => $"has ended with exit code {exit.Code}: {exit.Reason}",
        _ when !container.IsStarted => "runs, and its startup probe has not succeeded",
        _ => "runs, and its readiness probe has not succeeded",
    };
}
