using Dataplane.Api;
using Dataplane.Control.Reconcile;
using Dataplane.Daemon.Programs;
using Dataplane.Kubernetes.Objects;
using Dataplane.Runtime.Statuses;

namespace Dataplane.Daemon.Endpoints;

/// <summary>What runs in pods, as messages of the API.</summary>
internal static class PodStatuses
{
    private const string Pending = "Pending", Terminating = "Terminating", Creating = "ContainerCreating";

    /// <summary>The pod with what is known of its programs; itself where nothing runs in it.</summary>
    public static PodEntry With(this PodEntry entry, PodObject pod, NodeSnapshot snapshot, ProgramRunner? programs)
    {
        if (programs is null || !OrderFeed.IsRun(pod, snapshot)) return entry;
        var report = programs.Pods.Report(entry.Name);
        var isEnding = snapshot.State.Programs.Ending.ContainsKey(entry.Name);
        var status = report?.Status ?? Unknown(pod.Programs);
        var word = report is null && !isEnding ? Pending : isEnding
            && status.Phase is not (PodPhase.Succeeded or PodPhase.Failed) ? Terminating : status.Word;
        return entry with
        {
            Summary = new PodSummary(status.ReadyText, word, status.Restarts),
            Status = new PodStatusEntry($"{status.Phase}")
            {
                Reason = status.Reason,
                StartTime = report?.Start,
                Conditions = [new PodConditionEntry("Ready", status.IsReady ? "True" : "False")],
                InitContainerStatuses = Entries(status.Init, status.Programs.Init),
                ContainerStatuses = Entries(status.Containers, status.Programs.Containers),
            },
            Processes = [.. (report?.Processes ?? []).OrderBy(p => p.Container, StringComparer.Ordinal)
                .Select(p => new ContainerProcessEntry(p.Container, p.Id, p.StartTicks)
                {
                    WorkingDirectory = pod.Programs.Init.Concat(pod.Programs.Containers)
                        .FirstOrDefault(c => c.Name == p.Container)?.WorkingDirectory,
                })],
        };
    }

    /// <summary>Of a pod that no supervisor has spoken of yet.</summary>
    private static PodStatus Unknown(PodPrograms programs) => new(programs, PodPhase.Pending, null,
        Waiting(programs.Init), Waiting(programs.Containers), IsReady: false, IsTerminating: false);

    private static IReadOnlyList<ContainerStatus> Waiting(IEnumerable<ContainerSpec> containers) =>
        [.. containers.Select(c => new ContainerStatus(
            c.Name, new ContainerState.Waiting(Creating), Restarts: 0, IsReady: false, IsStarted: false, null))];

    private static IReadOnlyList<ContainerStatusEntry> Entries(
        IReadOnlyList<ContainerStatus> all, EqualList<ContainerSpec> specs) =>
        [.. all.Select((c, i) => new ContainerStatusEntry(
            c.Name, specs[i].Image, c.IsReady, c.IsStarted, c.Restarts, Entry(c.State))
        {
            LastState = c.LastExit is { } last ? Entry(last) : null,
        })];

    private static ContainerStateEntry Entry(ContainerState state) => state switch
    {
        ContainerState.Waiting waiting => new() { Waiting = new WaitingEntry(waiting.Reason, waiting.Message) },
        ContainerState.Running running => new() { Running = new RunningEntry(running.Since) },
        ContainerState.Terminated ended => new()
        {
            Terminated = new TerminatedEntry(
                ended.Exit.Code, ended.Exit.Reason, ended.From, ended.Until, ended.Exit.Message),
        },
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };
}
