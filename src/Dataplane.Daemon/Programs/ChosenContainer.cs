using Dataplane.Control.Reconcile;
using Dataplane.Daemon.Host;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Objects;
using Dataplane.Runtime.Statuses;

namespace Dataplane.Daemon.Programs;

/// <summary>
/// The container of a pod that a request is about, with the words of the API server where it is none.
/// </summary>
/// <param name="pod">As <c>namespace/name</c>.</param>
/// <param name="status">Null: nothing is known of the pod.</param>
internal sealed class ChosenContainer(string pod, string name, PodStatus? status)
{
    public string Name => name;

    private string PodName => pod[(pod.IndexOf('/', StringComparison.Ordinal) + 1)..];

    /// <param name="asked">Its name; null: the only one of the pod.</param>
    /// <exception cref="ApiProblem">There is no such pod, or no such container, or it has several.</exception>
    public static ChosenContainer Of(NodeSnapshot snapshot, KnownPods known, string pod, string? asked)
    {
        var found = snapshot.Cluster.Pods.Named(pod, p => p.Name)?.Pod
            ?? snapshot.State.Programs.Ending.GetValueOrDefault(pod)?.Pod;
        var name = pod[(pod.IndexOf('/', StringComparison.Ordinal) + 1)..];
        if (found is null) throw Problems.NoPodLog($"pods \"{name}\" not found");
        if (!OrderFeed.IsRun(found, snapshot))
            throw Problems.NoLog($"the programs of pod {pod} are not run by this daemon");
        var (init, containers) = (Names(found.Programs.Init), Names(found.Programs.Containers));
        if (asked is null && containers.Count + init.Count > 1)
        {
            throw Problems.NoLog($"a container name must be specified for pod {name}, choose one of: "
                + $"[{string.Join(' ', containers)}]"
                + (init.Count == 0 ? "" : $" or one of the init containers: [{string.Join(' ', init)}]"));
        }
        var container = asked ?? containers[0];
        if (!containers.Contains(container) && !init.Contains(container))
            throw Problems.NoLog($"container {container} is not valid for pod {name}");
        return new ChosenContainer(pod, container, known.Report(pod)?.Status);
    }

    /// <exception cref="ApiProblem">It has never run.</exception>
    public void RequireStarted()
    {
        if (StateIn(status) is { LastExit: null, State: ContainerState.Waiting waiting })
        {
            throw Problems.NoLog(
                $"container \"{name}\" in pod \"{PodName}\" is waiting to start: {waiting.Message ?? waiting.Reason}");
        }
        if (status is null)
            throw Problems.NoLog($"container \"{name}\" in pod \"{PodName}\" is waiting to start: ContainerCreating");
    }

    /// <summary>Whether the run goes on whose log is read.</summary>
    public bool IsRunning(KnownPods known) => StateIn(known.Report(pod)?.Status) is
        { State: ContainerState.Running running } && (StateIn(status)?.State is not ContainerState.Running before
            || before.Since == running.Since);

    private ContainerStatus? StateIn(PodStatus? from) =>
        from?.Init.Concat(from.Containers).FirstOrDefault(c => c.Name == name);

    private static List<string> Names(IEnumerable<ContainerSpec> containers) => [.. containers.Select(c => c.Name)];
}
