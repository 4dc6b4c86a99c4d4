using Dataplane.Node.Addressing;

namespace Dataplane.Node.Live;

/// <summary>What a live node is, before any pod.</summary>
public sealed record LiveNodeOptions
{
    /// <summary>The name of the node's network namespace below /run/netns, unless it is a host node, and the beginning of its pods' names there.</summary>
    public string Name { get; init; } = "dataplane";

    /// <summary>The node is the namespace that this process runs in, not one of its own.</summary>
    public bool Host { get; init; }

    /// <summary>Of a host node: what pods send outside leaves with an address of the node's.</summary>
    public bool Masquerade { get; init; } = true;

    /// <summary>The pod networks.</summary>
    public NodeOptions Addresses { get; init; } = NodeOptions.Default;

    /// <summary>Conntrack entries that one source may have at a time; what is beyond is dropped and counted. Null: no limit.</summary>
    public uint? ConnectionsPerPod { get; init; } = 16_384;

    /// <summary>Drop log entries a second of one source; more are counted and not logged. Null: no limit.</summary>
    public uint? LoggedDropsPerSecond { get; init; } = 100;
}
