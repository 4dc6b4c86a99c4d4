using Dataplane.Linux.Conntrack;

namespace Dataplane.Node.Live;

/// <summary>A live connection that a change denies.</summary>
/// <param name="From">As users spell it: <c>namespace/pod</c>, an address, or <c>node</c>.</param>
/// <param name="Tuple">As the connection was opened.</param>
public sealed record CutConnection(string From, string To, ConntrackTuple Tuple);

/// <summary>What <see cref="LiveNode.Apply"/> did.</summary>
/// <param name="Attached">Names of pods.</param>
/// <param name="Elements">How many elements the transaction added or deleted.</param>
/// <param name="Tightened">The epoch moved: live connections are judged once more.</param>
/// <param name="Cut">Of <paramref name="Tightened"/>: the connections that ended.</param>
/// <param name="Transaction">The time the kernel's transaction took.</param>
public sealed record LiveChange(
    IReadOnlyList<string> Attached, IReadOnlyList<string> Detached, int Elements, bool Tightened,
        IReadOnlyList<CutConnection> Cut, TimeSpan Transaction)
{
    /// <summary>
    /// Why something of what went is still there, or <see cref="Cut"/> may not be complete: the rules are in force all
    /// the same. The next <see cref="LiveNode.Apply"/> tries again. Null: nothing is left to do.
    /// </summary>
    public string? Unfinished { get; init; }
}
