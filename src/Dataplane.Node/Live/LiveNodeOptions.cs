using Dataplane.Planning;

namespace Dataplane.Node.Live;

/// <summary>Where a live node's network is.</summary>
public enum NodeKind
{
    /// <summary>A network namespace of its own.</summary>
    Private,

    /// <summary>The namespace that this process runs in.</summary>
    Host,

    /// <summary>
    /// As private, but its pods are known to the tables alone: what would so many cost? Nothing can be proven by
    /// packets.
    /// </summary>
    Simulated,
}

/// <summary>What a live node is, before any pod.</summary>
public sealed record LiveNodeOptions
{
    /// <summary>
    /// The name of the node's network namespace below /run/netns, unless it is a host node, and the beginning of its
    /// pods' names there.
    /// </summary>
    public string Name { get; init; } = "dataplane";

    public NodeKind Kind { get; init; }

    /// <summary>Of a host node: what pods send outside leaves with an address of the node's.</summary>
    public bool Masquerade { get; init; } = true;

    /// <summary>The pod networks.</summary>
    public NodeOptions Addresses { get; init; } = NodeOptions.Default;

    /// <summary>
    /// Conntrack entries that one source may have at a time; what is beyond is dropped and counted. Null: no limit.
    /// </summary>
    public uint? ConnectionsPerPod { get; init; } = 16_384;

    /// <summary>Drop log entries a second of one source; more are counted and not logged. Null: no limit.</summary>
    public uint? LoggedDropsPerSecond { get; init; } = 100;
}
