namespace Dataplane.Runtime.Life;

/// <summary>What outlives a supervisor of a pod: a <see cref="PodLife"/> goes on from it.</summary>
/// <param name="Reason">Why the pod as a whole has failed; null: it has not.</param>
/// <param name="End">When all of it must have ended; null: it is not asked to.</param>
/// <param name="Containers">Init containers too.</param>
public sealed record PodMemory(DateTimeOffset Start, string? Reason, bool IsDeleted, DateTimeOffset? End,
    IReadOnlyList<ContainerMemory> Containers);
