using Dataplane.Node.Addressing;

namespace Dataplane.Node.Live;

/// <summary>What a live node is, before any pod.</summary>
public sealed record LiveNodeOptions
{
    /// <summary>The name of the node's network namespace below /run/netns, and the beginning of its pods' names there.</summary>
    public string Name { get; init; } = "dataplane";

    /// <summary>The pod networks.</summary>
    public NodeOptions Addresses { get; init; } = NodeOptions.Default;

    /// <summary>Conntrack entries that one source may have at a time; what is beyond is dropped and counted. Null: no limit.</summary>
    public uint? ConnectionsPerPod { get; init; } = 16_384;

    /// <summary>Drop log entries a second of one source; more are counted and not logged. Null: no limit.</summary>
    public uint? LoggedDropsPerSecond { get; init; } = 100;
}
