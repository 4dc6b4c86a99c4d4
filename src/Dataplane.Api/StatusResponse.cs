namespace Dataplane.Api;

/// <summary>GET /v1/status.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="Mode"><c>private</c>, <c>host</c> or <c>simulated</c>.</param>
public sealed record StatusResponse(string Version, int ProcessId, DateTimeOffset Started, string Node, string Mode)
{
    /// <summary>Number of changes of the desired state so far.</summary>
    public long DesiredGeneration { get; init; }

    /// <summary>The last generation that the kernel has.</summary>
    public long EnforcedGeneration { get; init; }

    /// <summary>Why the two generations differ; null where they do not.</summary>
    public string? Problem { get; init; }

    public int Pods { get; init; }
    public int NetworkPolicies { get; init; }
    public int TierPolicies { get; init; }

    /// <summary>Number of elements in all sets.</summary>
    public int Elements { get; init; }

    /// <summary>False: other processes can change our tables (kernels before 6.9).</summary>
    public bool OwnsTables { get; init; }

    /// <summary>
    /// Why the ports of pods have no guard, so that fragments from pods are dropped; null: they have one.
    /// </summary>
    public string? NoGuard { get; init; }

    /// <summary>
    /// Why packets of established connections pass all rules again; null: they take the short way where they can.
    /// </summary>
    public string? NoShortWay { get; init; }

    /// <summary>The daemon took over a node that an earlier one had left.</summary>
    public bool Adopted { get; init; }

    /// <summary>Number of requests and other work waiting for the thread that owns the node.</summary>
    public int QueueDepth { get; init; }

    /// <summary>
    /// Files of the manifest directory that are not enforced, parts of the store that could not be read, and pods that
    /// cannot be repaired.
    /// </summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    /// <summary>The last repairs, newest first.</summary>
    public IReadOnlyList<RepairEntry> Repairs { get; init; } = [];

    public long RepairsTotal { get; init; }

    /// <summary>Threads outside their network namespace: a fault of the daemon; empty is healthy.</summary>
    public IReadOnlyList<string> StrayThreads { get; init; } = [];
}

/// <summary>Something that another process had changed and the daemon put back.</summary>
/// <param name="Found">What was there instead.</param>
public sealed record RepairEntry(DateTimeOffset Time, string What, string Found);
