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
    /// As <see cref="Private"/>, but its pods exist in the tables only, without ports and namespaces. It measures the
    /// cost of a large cluster; no packet can be sent.
    /// </summary>
    Simulated,
}

/// <summary>Whether a live node has the short way.</summary>
public enum ShortWayMode
{
    /// <summary>Where the kernel can have it, and the node is a private one.</summary>
    Auto,

    /// <summary>A node that cannot have it is not opened.</summary>
    On,

    Off,
}

/// <summary>The options with which a live node is opened.</summary>
public sealed record LiveNodeOptions
{
    /// <summary>
    /// The name of the node's network namespace below /run/netns, unless it is a host node, and the beginning of its
    /// pods' names there.
    /// </summary>
    public string Name { get; init; } = "dataplane";

    public NodeKind Kind { get; init; }

    /// <summary>
    /// Whether packets from pods to addresses outside leave with an address of the node. Host nodes only.
    /// </summary>
    public bool Masquerade { get; init; } = true;

    /// <summary>The pod networks.</summary>
    public NodeOptions Addresses { get; init; } = NodeOptions.Default;

    /// <summary>
    /// Maximum number of conntrack entries of one source; further connections are dropped and counted. Null: no limit.
    /// </summary>
    public uint? ConnectionsPerPod { get; init; } = 16_384;

    /// <summary>Whether packets of established connections take the short way between pods.</summary>
    public ShortWayMode ShortWay { get; init; }

    /// <summary>Whether ports have the guard, where the kernel can have it.</summary>
    internal bool IsGuarded { get; init; } = true;

    /// <summary>
    /// Maximum number of drop log entries a second of one source; further drops are counted and not logged. Null: no
    /// limit.
    /// </summary>
    public uint? LoggedDropsPerSecond { get; init; } = 100;
}
