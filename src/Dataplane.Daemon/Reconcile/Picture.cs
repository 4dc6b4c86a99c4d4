using Dataplane.Daemon.Api;
using Dataplane.Daemon.State;
using Dataplane.Node.Live;
using Dataplane.Policy.Model;

namespace Dataplane.Daemon.Reconcile;

/// <summary>The daemon's state at one moment, for those who only read. Immutable: read it once and use that.</summary>
/// <param name="Cluster">What is wanted, with addresses.</param>
/// <param name="Pods">As they are attached, by name.</param>
internal sealed record Picture(DesiredState State, Cluster Cluster, IReadOnlyList<LivePod> Pods, bool Adopted, bool IsOwner)
{
    public long EnforcedGeneration { get; init; }

    /// <summary>In all sets.</summary>
    public int Elements { get; init; }

    /// <summary>Why what is wanted is not what is enforced; null where it is.</summary>
    public string? Problem { get; init; }

    /// <summary>Pods that cannot be mended, and why.</summary>
    public IReadOnlyList<string> Broken { get; init; } = [];

    /// <summary>Newest first.</summary>
    public IReadOnlyList<RepairEntry> Repairs { get; init; } = [];
    public long RepairsTotal { get; init; }
}
