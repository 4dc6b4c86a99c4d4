using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Frames;
namespace Dataplane.Node.Layout;

/// <summary>
/// Names and numbers of a node. No other program uses the namespace of a private node, so its interface indexes can be
/// chosen here.
/// </summary>
internal static class NodeLayout
{
    public const int BridgeIndex = 1000;
    private const int FirstPort = 1001;

    /// <summary>The interface index of eth0 in a pod; lo is 1.</summary>
    public const int PodInterface = 2;

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

    private static readonly IPAddress Sink4 = IPAddress.Parse("169.254.244.254"), Sink6 = IPAddress.Parse("fe80::fe");

    public static IPAddress Sink(AddressFamily family) => family == AddressFamily.InterNetwork ? Sink4 : Sink6;

    public static int PortIndex(int number) => FirstPort + number;

    public static string PortName(int number) => $"pod{number}";

    /// <summary>The number of a pod's port by its name; null for other names.</summary>
    public static int? PortNumber(string name) => name.StartsWith("pod", StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && name == PortName(number) ? number : null;

    public static string OutsideName(int number) => $"ext{number}";

    /// <summary>The MAC address of a pod's eth0. Locally administered.</summary>
    public static MacAddress FarMac(int number) => new(0x0200_0100_0000 + (ulong)number);

    /// <summary>The MAC address of the node's end of an external endpoint's veth pair.</summary>
    public static MacAddress NearMac(int number) => new(0x0200_0200_0000 + (ulong)number);

    public static IPNetwork Host(IPAddress address) =>
        new(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
}
