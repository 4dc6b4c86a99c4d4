using Dataplane.Runtime.Statuses;

namespace Dataplane.Runtime.Supervision.Wire;

/// <summary>A <see cref="PodStatus"/> without the pod's programs.</summary>
internal sealed record WireStatus(PodPhase Phase, string? Reason, IReadOnlyList<ContainerStatus> Init,
    IReadOnlyList<ContainerStatus> Containers, bool IsReady, bool IsTerminating);
