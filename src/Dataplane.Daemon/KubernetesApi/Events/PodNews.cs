using Dataplane.Api;
using Dataplane.Daemon.KubernetesApi.Served;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Daemon.KubernetesApi.Events;

/// <summary>Tells what happens to pods, in a kubelet's words where it has some. For one thread.</summary>
internal sealed class PodNews(EventLog log, string node)
{
    private sealed record Seen(bool IsThere, bool IsEnding, bool IsReady, IReadOnlyDictionary<string,
        ContainerStatusEntry> Containers);

    private readonly Dictionary<string, Seen> _seen = [];

    /// <param name="addresses">Empty: it is not attached.</param>
    public void Tell(PodObject pod, IReadOnlyList<string> addresses, bool isEnding, PodStatusEntry? status)
    {
        var before = _seen.GetValueOrDefault(pod.FullName);
        var now = new Seen(addresses.Count > 0, isEnding,
            status?.Conditions.Any(c => c is { Type: "Ready", Status: "True" }) is true,
            (status?.ContainerStatuses ?? []).ToDictionary(c => c.Name));
        _seen[pod.FullName] = now;
        if (before is null) Say(false, "Scheduled", $"Successfully assigned {pod.FullName} to {node}");
        if (now.IsThere && before?.IsThere is not true)
            Say(false, "NetworkReady", $"attached with {string.Join(", ", addresses)}; its policies are in the kernel");
        foreach (var container in now.Containers.Values)
        {
            Tell(container, before?.Containers.GetValueOrDefault(container.Name));
        }
        if (before is { IsReady: true } && !now.IsReady && !isEnding
            && now.Containers.Values.All(c => c.State.Running is not null))
        {
            Say(true, "Unhealthy", "a probe says that it is not ready");
        }
        if (isEnding && before?.IsEnding is not true)
        {
            foreach (var container in now.Containers.Keys.DefaultIfEmpty(pod.Name))
                Say(false, "Killing", $"Stopping container {container}");
        }

        void Tell(ContainerStatusEntry container, ContainerStatusEntry? last)
        {
            var state = container.State;
            if (state.Running is { } running && running != last?.State.Running)
                Say(false, "Started", $"Started container {container.Name}");
            if (state.Waiting is { } waiting && waiting != last?.State.Waiting && waiting.Reason != "ContainerCreating")
            {
                var isBackOff = waiting.Reason == "CrashLoopBackOff";
                Say(true, isBackOff ? "BackOff" : "Failed", isBackOff
                    ? $"Back-off restarting failed container {container.Name} in pod {pod.Name}"
                    : $"Error: {waiting.Message ?? waiting.Reason}");
            }
        }

        void Say(bool isWarning, string reason, string message) =>
            log.Tell(new Told(Registry.Pods, pod.Namespace, pod.Name, isWarning, reason, message));
    }

    /// <summary>Pods that are gone are forgotten.</summary>
    public void Forget(Func<string, bool> isThere)
    {
        foreach (var gone in _seen.Keys.Where(p => !isThere(p)).ToList()) _seen.Remove(gone);
    }
}
