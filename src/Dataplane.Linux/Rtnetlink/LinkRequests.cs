using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Linux.Rtnetlink;

/// <summary>
/// A bridge without spanning tree, forwarding delay and multicast snooping: a new port forwards at once, and the bridge
/// sends no frames of its own.
/// </summary>
/// <param name="Name">1 to 15 characters (IFNAMSIZ).</param>
/// <param name="Mac">Fixed, or the bridge would take the lowest of its ports' and change.</param>
/// <param name="Index">The interface index to have; 0 lets the kernel choose.</param>
/// <param name="Up">Whether it comes up at once.</param>
public readonly record struct BridgeRequest(
    string Name, MacAddress Mac, InterfaceIndex Index = default, bool Up = false);

/// <summary>
/// A veth pair whose peer is created inside another namespace: moving it there afterwards costs 17 ms.
/// </summary>
/// <param name="Name">This end's name, 1 to 15 characters.</param>
/// <param name="PeerName">The other end's name.</param>
/// <param name="PeerNetns">
/// The namespace in which the other end is created; keep it open until the batch is sent.
/// </param>
public readonly record struct VethRequest(string Name, string PeerName, Netns PeerNetns)
{
    /// <summary>
    /// The interface index to have, so that later messages of the same batch can name it; 0 lets the kernel choose.
    /// </summary>
    public InterfaceIndex Index { get; init; }

    /// <summary>The peer's interface index; 0 lets the kernel choose.</summary>
    public InterfaceIndex PeerIndex { get; init; }

    /// <summary>The bridge to be a port of, by index; 0 for none.</summary>
    public InterfaceIndex Master { get; init; }

    /// <summary>The link group (<c>iifgroup</c> in rules).</summary>
    public uint Group { get; init; }

    /// <summary>Bytes; 0 for the kernel's default of 1500.</summary>
    public uint Mtu { get; init; }

    public MacAddress? Mac { get; init; }

    public MacAddress? PeerMac { get; init; }
}

/// <summary>How a bridge treats one of its ports.</summary>
/// <param name="Isolated">It exchanges no frames with other isolated ports.</param>
/// <param name="Learning">Source addresses enter the forwarding table.</param>
/// <param name="Flood">Unknown unicast goes out of it.</param>
/// <param name="MulticastFlood">Multicast goes out of it.</param>
/// <param name="BroadcastFlood">Broadcast goes out of it.</param>
public readonly record struct BridgePortFlags(
    bool Isolated, bool Learning, bool Flood, bool MulticastFlood, bool BroadcastFlood)
{
    /// <summary>Isolated, silent and static: the port of a routed pod.</summary>
    public static BridgePortFlags RoutedPod { get; } = new(
        Isolated: true, Learning: false, Flood: false, MulticastFlood: false, BroadcastFlood: false);
}

/// <summary>One interface as a dump shows it.</summary>
/// <param name="Kind">IFLA_INFO_KIND, such as <c>veth</c> or <c>bridge</c>; null for hardware and loopback.</param>
/// <param name="Master">The index of the bridge it is a port of; 0 for none.</param>
/// <param name="Up">IFF_UP: up by administration.</param>
/// <param name="OperState">IF_OPER_*, linux/if.h; 6 is up.</param>
public readonly record struct LinkInfo(
    InterfaceIndex Index, string Name, string? Kind, InterfaceIndex Master, uint Group, MacAddress? Mac, uint Mtu,
    bool Up, byte OperState)
{
    /// <summary>IFLA_IFALIAS, a free text; null if none is set.</summary>
    public string? Alias { get; init; }

    /// <summary>tx_packets of IFLA_STATS64: packets that left by it.</summary>
    public ulong SentPackets { get; init; }

    /// <summary>
    /// IFLA_LINK: the index of the other end of a veth pair, in the namespace of that end; other kinds have the link
    /// below them.
    /// </summary>
    public InterfaceIndex PeerIndex { get; init; }

    /// <summary>
    /// IFLA_LINK_NETNSID: the namespace of the other end, as this namespace numbers it; null if it is this one, or
    /// there is no other end.
    /// </summary>
    public NamespaceId? PeerNamespace { get; init; }

    /// <summary>The flags as a bridge port; null if the link is not one.</summary>
    public BridgePortFlags? Port { get; init; }
}
