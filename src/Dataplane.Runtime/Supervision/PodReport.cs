using Dataplane.Runtime.Statuses;

namespace Dataplane.Runtime.Supervision;

/// <summary>What a supervisor says about a pod: all of it after each change.</summary>
/// <param name="Order">What it runs.</param>
/// <param name="Status">Null: the pod was deleted and nothing of it runs any more; nothing more will be said.</param>
/// <param name="Processes">The first process of each container that runs, by name.</param>
/// <param name="Start">When the supervisor took the order.</param>
public sealed record PodReport(PodOrder Order, PodStatus? Status, IReadOnlyList<ContainerProcess> Processes,
    DateTimeOffset Start);
