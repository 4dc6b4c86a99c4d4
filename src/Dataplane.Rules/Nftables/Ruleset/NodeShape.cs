using System.Net;
using Dataplane.Linux.Frames;
using Dataplane.Policy.Compilation.Tables;
namespace Dataplane.Rules.Nftables.Ruleset;

/// <summary>What the fixed rules need to know of the node: nothing in them depends on a pod or a policy.</summary>
/// <param name="Bridge">The bridge that all pods hang on.</param>
/// <param name="GatewayMac">Its MAC address: frames for any other are dropped.</param>
/// <param name="PortGroup">The link group of all bridge ports.</param>
/// <param name="LogGroup">The nflog group that drops are reported to.</param>
/// <param name="LoggedDropsPerSecond">Drop log entries a second of one pod address, of one port, or of everybody behind one interface outside; more are counted only. Null: no limit.</param>
/// <param name="ConnectionsPerPod">Connections that one pod address may have opened at a time, within a tenth or so; new ones beyond are dropped. At least 1; null: no limit.</param>
public sealed record NodeShape(string Bridge, byte[] GatewayMac, uint PortGroup, ushort LogGroup, uint? LoggedDropsPerSecond = null, uint? ConnectionsPerPod = null)
{
    /// <summary>
    /// Others live in the node's namespace too: what touches neither the bridge nor a port of ours passes as if our tables were not
    /// there, and what only a setting of the whole namespace could keep out, a rule does.
    /// </summary>
    public bool IsShared { get; init; }

    /// <summary>Of a shared node: what pods with addresses in these networks send outside, leaves with an address of the node's.</summary>
    public IReadOnlyList<IPNetwork> Masqueraded { get; init; } = [];

    public static readonly NodeShape Default = new("dp0", [0x02, 0, 0, 0, 0, 0x01], 244, 5);
}

/// <summary>A pod address as it is attached: its bridge port, its MAC address, and the classes of the address.</summary>
public sealed record PortAddress(string Port, MacAddress Mac, AddressClasses Classes)
{
    public IPAddress Address => Classes.Address;
}

/// <summary>The bits of skb mark and ct mark that are ours.</summary>
public static class MarkBits
{
    /// <summary>
    /// Set in the mark of every packet whose source the bridge has identified, and of every packet whose destination is a
    /// programmed pod: routes to pods are only found with it. The bits below hold the egress subject class.
    /// </summary>
    public const uint Known = 0x4000_0000;

    /// <summary>
    /// What the bridge sets instead of <see cref="Known"/>. Only the inet table turns the one into the other: an identity that
    /// nothing judges finds no route.
    /// </summary>
    public const uint Identified = 0x2000_0000;

    /// <summary>Set in every epoch, so that no other use of ct mark can look like one.</summary>
    public const uint Epoch = 0x8000_0000;
}
