using System.Globalization;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Runtime.Statuses;

/// <summary>core/v1 PodStatus, as far as it is about what runs.</summary>
/// <param name="Programs">What the containers are.</param>
/// <param name="Reason">Why the pod as a whole has failed, such as <c>DeadlineExceeded</c>; null: it has not.</param>
/// <param name="Init">In the order of the manifest.</param>
/// <param name="IsReady">Whether it is to get requests.</param>
/// <param name="IsTerminating">It is being deleted.</param>
public sealed record PodStatus(PodPrograms Programs, PodPhase Phase, string? Reason,
    IReadOnlyList<ContainerStatus> Init, IReadOnlyList<ContainerStatus> Containers, bool IsReady, bool IsTerminating)
{
    /// <summary>The column READY of kubectl: how many of the containers that stay are ready.</summary>
    public string ReadyText
    {
        get
        {
            var staying = Init.Where((_, i) => Programs.Init[i].IsSidecar).ToList();
            var ready = staying.Concat(Containers).Count(c => c.IsReady);
            return string.Create(CultureInfo.InvariantCulture, $"{ready}/{staying.Count + Containers.Count}");
        }
    }

    /// <summary>The column RESTARTS of kubectl.</summary>
    public int Restarts => Containers.Sum(c => c.Restarts)
        + Init.Where((_, i) => Programs.Init[i].IsSidecar || !IsInitialized).Sum(c => c.Restarts);

    /// <summary>The column STATUS of kubectl (k8s.io/kubernetes/pkg/printers/internalversion, printPod).</summary>
    public string Word
    {
        get
        {
            if (IsTerminating && Phase is not (PodPhase.Succeeded or PodPhase.Failed)) return "Terminating";
            return Initializing() ?? OfContainers();
        }
    }

    private bool IsInitialized => Initializing() is null;

    /// <summary>What the first init container that is not done does; null where all are, or were.</summary>
    private string? Initializing()
    {
        if (Containers.Any(c => c.LastExit is not null || c.State is not ContainerState.Waiting)) return null;
        for (var i = 0; i < Init.Count; i++)
        {
            var container = Init[i];
            if (Programs.Init[i].IsSidecar && container.IsStarted) continue;
            switch (container.State)
            {
                case ContainerState.Terminated { Exit.Code: 0 }:
                    continue;
                case ContainerState.Terminated { Exit: var exit }:
                    return $"Init:{exit.Reason}";
                case ContainerState.Waiting { Reason: not ("PodInitializing" or "ContainerCreating") and var reason }:
                    return $"Init:{reason}";
                default:
                    return string.Create(CultureInfo.InvariantCulture, $"Init:{i}/{Init.Count}");
            }
        }
        return null;
    }

    private string OfContainers()
    {
        var word = Reason ?? Phase.ToString();
        var isOneRunning = false;
        // The first container has the last word.
        foreach (var container in Containers.Reverse())
        {
            switch (container.State)
            {
                case ContainerState.Waiting { Reason: var reason }:
                    word = reason;
                    break;
                case ContainerState.Terminated { Exit.Reason: var reason }:
                    word = reason;
                    break;
                default:
                    isOneRunning |= container.IsReady;
                    break;
            }
        }
        return word == "Completed" && isOneRunning ? IsReady ? "Running" : "NotReady" : word;
    }
}
