namespace Dataplane.Runtime.Life;

/// <summary>What outlives a supervisor of a run that goes on.</summary>
/// <param name="IsStarted">Its startup probe, if any, has succeeded.</param>
/// <param name="IsReady">What its readiness probe, if any, said last.</param>
/// <param name="StopBy">When it is ended by force; null: it is not asked to end.</param>
/// <param name="HasActed">The action before its end was begun.</param>
public sealed record RunMemory(
    DateTimeOffset Start, bool IsStarted, bool IsReady, DateTimeOffset? StopBy, bool HasActed);
