using Dataplane.Runtime.Statuses;

namespace Dataplane.Runtime.Life;

/// <summary>What outlives a supervisor of a container.</summary>
/// <param name="Last">Of the run before; null where there was none.</param>
/// <param name="Starts">That were ordered.</param>
/// <param name="Attempts">Of those, the ones of which it is known what became of them.</param>
/// <param name="Pause">The next one after an end.</param>
/// <param name="StartedAgain">When a pause was last over.</param>
/// <param name="Due">When it is to be started; null: not now.</param>
/// <param name="IsStarting">A start was ordered, and it is not known what became of it.</param>
/// <param name="IsLast">It is not to be started again.</param>
/// <param name="LastGrace">Of a run that would still begin.</param>
/// <param name="Run">Null: it does not run.</param>
public sealed record ContainerMemory(string Name, ContainerState State, ContainerState.Terminated? Last, int Starts,
    int Attempts, TimeSpan Pause, DateTimeOffset StartedAgain, DateTimeOffset? Due, bool IsStarting, bool IsLast,
    TimeSpan LastGrace, RunMemory? Run);
