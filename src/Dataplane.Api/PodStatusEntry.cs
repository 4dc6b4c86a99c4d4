namespace Dataplane.Api;

/// <summary>What kubectl prints of a pod: its columns READY, STATUS and RESTARTS.</summary>
public sealed record PodSummary(string Ready, string Status, int Restarts);

/// <summary>core/v1 PodStatus, as far as it is about what runs.</summary>
/// <param name="Phase"><c>Pending</c>, <c>Running</c>, <c>Succeeded</c> or <c>Failed</c>.</param>
public sealed record PodStatusEntry(string Phase)
{
    /// <summary>Why the pod as a whole has failed, such as <c>DeadlineExceeded</c>.</summary>
    public string? Reason { get; init; }

    public DateTimeOffset? StartTime { get; init; }

    public IReadOnlyList<PodConditionEntry> Conditions { get; init; } = [];

    public IReadOnlyList<ContainerStatusEntry> InitContainerStatuses { get; init; } = [];

    public IReadOnlyList<ContainerStatusEntry> ContainerStatuses { get; init; } = [];
}

/// <summary>core/v1 PodCondition.</summary>
/// <param name="Status"><c>True</c> or <c>False</c>.</param>
public sealed record PodConditionEntry(string Type, string Status);

/// <summary>core/v1 ContainerStatus.</summary>
public sealed record ContainerStatusEntry(
    string Name, string Image, bool Ready, bool Started, int RestartCount, ContainerStateEntry State)
{
    /// <summary>How the run before this one ended.</summary>
    public ContainerStateEntry? LastState { get; init; }
}

/// <summary>core/v1 ContainerState: one of the three.</summary>
public sealed record ContainerStateEntry
{
    public WaitingEntry? Waiting { get; init; }

    public RunningEntry? Running { get; init; }

    public TerminatedEntry? Terminated { get; init; }
}

/// <summary>core/v1 ContainerStateWaiting.</summary>
public sealed record WaitingEntry(string Reason, string? Message = null);

/// <summary>core/v1 ContainerStateRunning.</summary>
public sealed record RunningEntry(DateTimeOffset StartedAt);

/// <summary>core/v1 ContainerStateTerminated.</summary>
public sealed record TerminatedEntry(
    int ExitCode, string Reason, DateTimeOffset StartedAt, DateTimeOffset FinishedAt, string? Message = null);

/// <summary>The first process of a container that runs.</summary>
/// <param name="Id">In the process namespace of the daemon.</param>
/// <param name="StartTicks">Field 22 of /proc/PID/stat: with <paramref name="Id"/> it names the process for
/// ever.</param>
public sealed record ContainerProcessEntry(string Container, int Id, ulong StartTicks)
{
    /// <summary>Of the container; null: the manifest names none.</summary>
    public string? WorkingDirectory { get; init; }
}
