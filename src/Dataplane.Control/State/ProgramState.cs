using System.Collections.Immutable;

namespace Dataplane.Control.State;

/// <summary>
/// What is known of the programs in pods: an input of planning, like the objects. Immutable. Not stored: whoever runs
/// the programs is asked.
/// </summary>
public sealed record ProgramState
{
    /// <summary>Nothing runs: a pod is ready as its manifest says, and goes when it is deleted.</summary>
    public static readonly ProgramState None = new();

    /// <summary>Programs run in pods, and nothing else says whether a pod is ready.</summary>
    public bool IsRunning { get; init; }

    /// <summary>The full names of pods that are ready.</summary>
    public ImmutableHashSet<string> Ready { get; init; } = [];

    /// <summary>Pods that were deleted and whose programs may still run, by full name.</summary>
    public ImmutableSortedDictionary<string, EndingPod> Ending { get; init; } =
        ImmutableSortedDictionary.Create<string, EndingPod>(StringComparer.Ordinal);

    /// <summary>
    /// The full names of pods that came while one of this name was in <see cref="Ending"/>: they are attached after it
    /// has gone, in a network namespace of their own.
    /// </summary>
    public ImmutableHashSet<string> Waiting { get; init; } = [];

    /// <summary>Whether a pod waits that need not any more.</summary>
    public bool CanAdmit => Waiting.Any(p => !Ending.ContainsKey(p));

    /// <summary>With these pods of <see cref="Ending"/> closed.</summary>
    public ProgramState Close(IEnumerable<string> pods) => this with
    {
        Ending = Ending.SetItems(pods.Select(p => KeyValuePair.Create(p, Ending[p] with { HasNetwork = false }))),
    };
}
