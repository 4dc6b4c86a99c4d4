using Dataplane.Runtime.Statuses;

namespace Dataplane.Runtime.Supervision.Wire;

/// <summary>A <see cref="ContainerState"/>: one of the members, as a pod's status has them.</summary>
internal sealed record WireState(ContainerState.Waiting? Waiting, ContainerState.Running? Running,
    ContainerState.Terminated? Terminated)
{
    public static WireState Of(ContainerState state) => new(state as ContainerState.Waiting,
        state as ContainerState.Running, state as ContainerState.Terminated);

    /// <summary>Null: it has none.</summary>
    public ContainerState? State() => (ContainerState?)Waiting ?? (ContainerState?)Running ?? Terminated;
}
