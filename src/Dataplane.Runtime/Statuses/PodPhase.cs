namespace Dataplane.Runtime.Statuses;

/// <summary>core/v1 PodPhase.</summary>
public enum PodPhase
{
    /// <summary>Not all containers have been started yet.</summary>
    Pending,

    /// <summary>At least one runs, or will again.</summary>
    Running,

    /// <summary>All have ended with exit code 0, and will not be started again.</summary>
    Succeeded,

    /// <summary>All have ended, one of them otherwise, and will not be started again.</summary>
    Failed,
}
