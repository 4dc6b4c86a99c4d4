using System.Net;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Ports.Bridge;

namespace Dataplane.Integration.Attacks;

/// <summary>
/// Who is where, as the node and everybody but the attacker believe: neighbours, forwarding entries, addresses, routes.
/// One text to compare.
/// </summary>
internal static class Whereabouts
{
    public static string Of(PrivateNode node) => string.Join('\n',
        node.Attachments.Where(a => a.Endpoint?.Name != "x/attacker")
            .SelectMany(a => Of(a.Endpoint?.Name ?? "stranger", a.Netns))
            .Concat(Of("node", node.Netns)).Order(StringComparer.Ordinal));

    private static IEnumerable<string> Of(string name, Netns netns)
    {
        using var socket = NetlinkSocket.Open(NetlinkProtocol.Route, netns);
        return
        [
            .. Neighbours.Dump(socket).Where(n => !IsGroup(n.Address)).Select(n => $"{name}: {n}"),
            .. ForwardingTable.Dump(socket).Where(f => (f.Mac.Bits >> 40 & 1) == 0).Select(f => $"{name}: {f}"),
            .. Addresses.Dump(socket).Select(a => $"{name}: {a}"),
            .. Routes.Dump(socket).Select(r => $"{name}: {r}"),
        ];
    }

    private static bool IsGroup(IPAddress address) => address.GetAddressBytes()[0] is >= 224 and < 240 or 0xff;
}
