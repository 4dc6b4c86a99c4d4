using Dataplane.Control.State;
using Dataplane.Node.Live;
using Dataplane.Node.Programming;
using Dataplane.Node.Repairs;
using Dataplane.Policy.Model;

namespace Dataplane.Control.Reconcile;

/// <summary>
/// Desired and enforced state at one moment, for readers on any thread. Immutable: take it once and use that.
/// </summary>
/// <param name="Cluster">The desired state, with addresses.</param>
/// <param name="Pods">The pods as they are attached, by name.</param>
/// <param name="Adopted">The node was left by an earlier daemon and taken over.</param>
/// <param name="IsOwner">Other processes cannot change our tables.</param>
public sealed record NodeSnapshot(
    DesiredState State, Cluster Cluster, IReadOnlyList<LivePod> Pods, bool Adopted, bool IsOwner)
{
    /// <summary>The last generation that the kernel has; -1: none.</summary>
    public long EnforcedGeneration { get; init; }

    /// <summary>See <see cref="LiveNode.NoGuard"/>.</summary>
    public string? NoGuard { get; init; }

    /// <summary>See <see cref="LiveNode.NoShortWay"/>.</summary>
    public string? NoShortWay { get; init; }

    /// <summary>Connections that the last change has cut.</summary>
    public IReadOnlyList<CutConnection> Cut { get; init; } = [];

    /// <summary>Number of elements in all sets.</summary>
    public int Elements { get; init; }

    public ServiceElements ServiceElements { get; init; }

    /// <summary>Why the desired state is not enforced; null: it is.</summary>
    public string? Problem { get; init; }

    /// <summary>Parts of the store that could not be read.</summary>
    public IReadOnlyList<string> StoreErrors { get; init; } = [];

    /// <summary>Pods that cannot be repaired, and why.</summary>
    public IReadOnlyList<string> Broken { get; init; } = [];

    /// <summary>The last repairs, newest first.</summary>
    public IReadOnlyList<TimedRepair> Repairs { get; init; } = [];

    public long RepairsTotal { get; init; }
}

/// <param name="Time">When the repair was done.</param>
public sealed record TimedRepair(DateTimeOffset Time, Repair Repair);
