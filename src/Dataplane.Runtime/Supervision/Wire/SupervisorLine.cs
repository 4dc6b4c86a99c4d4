namespace Dataplane.Runtime.Supervision.Wire;

/// <summary>A line of the supervisor: an answer, a report, or the end of the first reports.</summary>
/// <param name="Done">The request that is done.</param>
/// <param name="Error">Why it could not be done; null: it was.</param>
/// <param name="IsAll">There has been a report of every pod.</param>
internal sealed record SupervisorLine(
    long? Done = null, string? Error = null, WireReport? Report = null, bool IsAll = false);
