using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Frames;
namespace Dataplane.Node.Layout;

/// <summary>
/// Names and numbers of a node. In a private one nobody else lives, so interface indexes are ours to choose.
/// </summary>
internal static class NodeLayout
{
    public const int BridgeIndex = 1000;
    private const int FirstPort = 1001;

    /// <summary>In every pod: lo is 1, eth0 is 2.</summary>
    public const int PodInterface = 2;

    /// <summary>The routing table that knows the way to pods; only packets with our mark are shown it.</summary>
    public const uint PodTable = 244;

    /// <summary>
    /// Where ports wait for the one request that deletes them all: links deleted one by one cost a grace period each. A
    /// number that nobody else thinks of.
    /// </summary>
    public const uint DoomedGroup = 0x4450_3245;

    /// <summary>Of a host node: the routing table in which everything leads to the sink.</summary>
    public const uint SinkTable = 245;

    /// <summary>The kernel's own table of local addresses, RT_TABLE_LOCAL.</summary>
    public const uint LocalTable = 255;

    /// <summary>
    /// A next hop that is nobody: the bridge has no port for its MAC address and does not flood. Unmarked packets for
    /// the pod network end there, also when all rules are gone.
    /// </summary>
    public static readonly MacAddress SinkMac = MacAddress.Parse("02:00:00:00:00:fe");

    /// <summary>How the MAC addresses of all interfaces of ours begin.</summary>
    public const ushort MacPrefix = 0x0200;

    public static readonly MacAddress GatewayMac = MacAddress.Parse("02:00:00:00:00:01");

    private static readonly IPAddress Sink4 = IPAddress.Parse("169.254.244.254"), Sink6 = IPAddress.Parse("fe80::fe");

    public static IPAddress Sink(AddressFamily family) => family == AddressFamily.InterNetwork ? Sink4 : Sink6;

    public static int PortIndex(int number) => FirstPort + number;

    public static string PortName(int number) => $"pod{number}";

    /// <summary>The number of a port by its name; null for a name that is no pod's.</summary>
    public static int? PortNumber(string name) => name.StartsWith("pod", StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && name == PortName(number) ? number : null;

    public static string OutsideName(int number) => $"ext{number}";

    /// <summary>Locally administered, one for each interface on the far side.</summary>
    public static MacAddress FarMac(int number) => new(0x0200_0100_0000 + (ulong)number);

    /// <summary>The near side of an external endpoint's veth pair.</summary>
    public static MacAddress NearMac(int number) => new(0x0200_0200_0000 + (ulong)number);

    public static IPNetwork Host(IPAddress address) =>
        new(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
}
