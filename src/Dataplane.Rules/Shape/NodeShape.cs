using System.Net;

namespace Dataplane.Rules.Shape;

/// <summary>What the rules need to know of the node. Nothing in it depends on a pod or a policy.</summary>
/// <param name="Bridge">The name of the bridge that all pods are attached to.</param>
/// <param name="GatewayMac">The bridge's MAC address (6 bytes): frames for any other address are dropped.</param>
/// <param name="PortGroup">The link group of all bridge ports.</param>
/// <param name="LogGroup">The nflog group that receives the drop log.</param>
/// <param name="LoggedDropsPerSecond">
/// Maximum number of drop log entries per second of each source: a pod address, a port, or all senders behind one
/// outside interface. Further drops are counted and not logged. Null: no limit.
/// </param>
/// <param name="ConnectionsPerPod">
/// Connections that one pod address may have opened at the same time, with an error of about a tenth; new ones above
/// the limit are dropped. At least 1; null: no limit.
/// </param>
public sealed record NodeShape(
    string Bridge, byte[] GatewayMac, uint PortGroup, ushort LogGroup, uint? LoggedDropsPerSecond = null,
    uint? ConnectionsPerPod = null)
{
    public static readonly NodeShape Default = new("dp0", [0x02, 0, 0, 0, 0, 0x01], 244, 5);

    /// <summary>
    /// The number of entries that the kernel's connection table takes (net.netfilter.nf_conntrack_max): all pods share
    /// it, and a shared node's other programs too. By default what a kernel chooses on a machine with more than 4 GiB.
    /// Unused without <see cref="ConnectionsPerPod"/>.
    /// </summary>
    public uint ConnectionTable { get; init; } = 262_144;

    /// <summary>
    /// Every port has the guard: frames that it has not passed are dropped. Otherwise all fragments of pods are.
    /// </summary>
    public bool IsGuarded { get; init; } = true;

    /// <summary>
    /// Other programs use the node's namespace too. Packets that touch neither the bridge nor one of its ports are
    /// accepted unchanged, and rules do what only a setting of the whole namespace could do otherwise.
    /// </summary>
    public bool IsShared { get; init; }

    /// <summary>
    /// The networks of the pods of this node and of Services: a shared node takes no packet from outside that has its
    /// source there. Unused where <see cref="IsShared"/> is false: nothing is outside.
    /// </summary>
    public IReadOnlyList<IPNetwork> Inside { get; init; } = [];

    /// <summary>
    /// Networks whose pods leave a shared node with one of the node's own addresses as source. Unused where
    /// <see cref="IsShared"/> is false.
    /// </summary>
    public IReadOnlyList<IPNetwork> Masqueraded { get; init; } = [];

    /// <summary>
    /// The networks of Services: the node's own packets to what is no Service there are refused, for their route leads
    /// nowhere.
    /// </summary>
    public IReadOnlyList<IPNetwork> ServiceNetworks { get; init; } = [];
}
