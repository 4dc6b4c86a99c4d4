namespace Dataplane.Api;

/// <summary>One line of /v1/changes: the node as it is at that moment.</summary>
/// <param name="Generation">The number of changes of the desired state.</param>
/// <param name="Enforced">The last generation that the kernel has; -1: none.</param>
public sealed record ChangeEntry(long Generation, long Enforced)
{
    /// <summary>Why the desired state is not enforced; null: it is.</summary>
    public string? Problem { get; init; }

    /// <summary>Connections that were cut since the line before.</summary>
    public IReadOnlyList<CutFlow> Cut { get; init; } = [];
}
