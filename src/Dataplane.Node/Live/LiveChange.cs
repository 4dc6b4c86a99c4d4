using Dataplane.Linux.Conntrack;

namespace Dataplane.Node.Live;

/// <summary>A live connection that a change denies.</summary>
/// <param name="From">As users spell it: <c>namespace/pod</c>, an address, or <c>node</c>.</param>
/// <param name="Tuple">The tuple in the direction in which the connection was opened.</param>
public sealed record CutConnection(string From, string To, ConntrackTuple Tuple);

/// <summary>What <see cref="LiveNode.Apply"/> did.</summary>
/// <param name="Attached">Names of pods.</param>
/// <param name="Elements">How many elements the transaction added or deleted.</param>
/// <param name="Tightened">Whether the epoch was incremented, so that live connections are judged again.</param>
/// <param name="Cut">
/// The connections that were alive and were ended; empty unless <paramref name="Tightened"/>.
/// </param>
/// <param name="Transaction">The time the kernel's transaction took.</param>
public sealed record LiveChange(
    IReadOnlyList<string> Attached, IReadOnlyList<string> Detached, int Elements, bool Tightened,
        IReadOnlyList<CutConnection> Cut, TimeSpan Transaction)
{
    /// <summary>
    /// The error that kept parts of detached pods from being removed, or <see cref="Cut"/> from being complete. The
    /// rules are in force all the same; the next <see cref="LiveNode.Apply"/> tries again. Null: no error.
    /// </summary>
    public string? Unfinished { get; init; }
}
