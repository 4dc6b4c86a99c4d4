namespace Dataplane.Runtime.Supervision.Wire;

/// <summary>A run of a container that was ordered, until it is over.</summary>
/// <param name="Id">Of no other run since the machine began.</param>
internal sealed record RunRecord(string Container, long Id);
