namespace Dataplane.Runtime.Statuses;

/// <summary>core/v1 ContainerStatus.</summary>
/// <param name="Restarts">How often it was started again.</param>
/// <param name="IsReady">Whether it is to get requests; an init container is ready when it is done.</param>
/// <param name="IsStarted">Whether it runs and its startup probe, if any, has succeeded.</param>
/// <param name="LastExit">Of the run before this one; null where there was none.</param>
public sealed record ContainerStatus(string Name, ContainerState State, int Restarts, bool IsReady, bool IsStarted,
    ContainerState.Terminated? LastExit);
