namespace Dataplane.Runtime.Supervision.Wire;

/// <summary>A line to the supervisor: one of the last three.</summary>
/// <param name="Id">The answer repeats it.</param>
/// <param name="Set">A pod that is to run.</param>
/// <param name="Delete">The key of a pod that is to end.</param>
/// <param name="Grace">Of <paramref name="Delete"/>; null: as the manifest says.</param>
/// <param name="End">All pods are to end, and the supervisor.</param>
internal sealed record SupervisorRequest(
    long Id, PodOrder? Set = null, string? Delete = null, TimeSpan? Grace = null, bool End = false);
