using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Policy.Model;
namespace Dataplane.Node.Layout;

/// <summary>
/// Names and numbers of a node. No other program uses the namespace of a private node, so its interface indexes can be
/// chosen here.
/// </summary>
internal static class NodeLayout
{
    /// <summary>The interface index of the bridge of a private node.</summary>
    public static readonly InterfaceIndex BridgeIndex = new(1000);

    /// <summary>The interface index of eth0 in a pod; lo is 1.</summary>
    public static readonly InterfaceIndex PodInterface = new(2);

    /// <summary>The routing table with the routes to pods. Only packets with our mark are routed by it.</summary>
    public const uint PodTable = 244;

    /// <summary>
    /// The link group of ports that are to be deleted, all with one request: links deleted one by one cost a grace
    /// period each. An arbitrary number that other programs are unlikely to use.
    /// </summary>
    public const uint DoomedGroup = 0x4450_3245;

    /// <summary>The routing table of a host node in which every route leads to the sink.</summary>
    public const uint SinkTable = 245;

    /// <summary>The kernel's own table of local addresses, RT_TABLE_LOCAL.</summary>
    public const uint LocalTable = 255;

    /// <summary>
    /// The MAC address of a next hop that does not exist: the bridge has no port for it and does not flood. Unmarked
    /// packets for the pod network end there, also without any rules.
    /// </summary>
    public static readonly MacAddress SinkMac = MacAddress.Parse("02:00:00:00:00:fe");

    /// <summary>The first two bytes of the MAC addresses of all our interfaces.</summary>
    public const ushort MacPrefix = 0x0200;

    public static readonly MacAddress GatewayMac = MacAddress.Parse("02:00:00:00:00:01");

    private static readonly PerFamily<IPAddress> Sinks =
        new(IPAddress.Parse("169.254.244.254"), IPAddress.Parse("fe80::fe"));

    /// <summary>The address of the sink as a next hop.</summary>
    public static IPAddress Sink(AddressFamily family) => Sinks[family];

    /// <summary>The network that contains this address only.</summary>
    public static IPNetwork Host(IPAddress address) => new(address, address.AddressFamily.Bits());
}
