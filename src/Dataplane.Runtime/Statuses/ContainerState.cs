namespace Dataplane.Runtime.Statuses;

/// <summary>core/v1 ContainerState.</summary>
public abstract record ContainerState
{
    private ContainerState()
    {
    }

    /// <param name="Reason">A word such as <c>ContainerCreating</c>.</param>
    public sealed record Waiting(string Reason, string? Message = null) : ContainerState;

    public sealed record Running(DateTimeOffset Since) : ContainerState;

    /// <param name="From">When it was started; the same as <paramref name="Until"/> where it never was.</param>
    public sealed record Terminated(ContainerExit Exit, DateTimeOffset From, DateTimeOffset Until) : ContainerState;
}
