using Dataplane.Runtime.Life;

namespace Dataplane.Runtime.Supervision.Wire;

/// <summary>What outlives the supervisor of a pod.</summary>
/// <param name="Next">What takes its place when it is gone; null: nothing.</param>
/// <param name="Memory">Of its life.</param>
internal sealed record PodRecord(
    PodOrder Order, PodOrder? Next, DateTimeOffset Start, PodMemory Memory, IReadOnlyList<RunRecord> Runs);
