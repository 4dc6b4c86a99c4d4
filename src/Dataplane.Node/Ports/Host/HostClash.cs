using System.Net;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Layout;
using Dataplane.Planning;
using Dataplane.Rules.Shape;

namespace Dataplane.Node.Ports.Host;

/// <summary>
/// Checks, before anything is changed, that no other program uses the resources of a host node: names, a link group,
/// routing tables, the pod network.
/// </summary>
internal static class HostClash
{
    private static readonly string Bridge = NodeShape.Default.Bridge;

    /// <returns>The index of our bridge; none: there is no such bridge.</returns>
    /// <exception cref="LinuxException">EEXIST: another program uses one of them; the message says which.</exception>
    public static InterfaceIndex Require(NetlinkSocket route, string name, NodeOptions options)
    {
        var links = Links.Dump(route);
        var bridge = links.FirstOrDefault(l => l.Name == Bridge);
        // A bridge without alias was being made when its process was killed.
        var ours = bridge.Alias == HostPorts.Alias(name)
            || (bridge is { Kind: "bridge", Alias: null, Up: false } && bridge.Mac == NodeLayout.GatewayMac);
        if (bridge.Name is not null && !ours)
        {
            throw Clash(bridge.Alias is { } alias && alias.StartsWith(HostPorts.Alias(""), StringComparison.Ordinal)
                ? $"{Bridge} belongs to {alias}: remove that node with `dataplane cleanup --node-host --node "
                    + $"{alias[HostPorts.Alias("").Length..]}`, or use its name"
                : $"there is an interface {Bridge} that is not ours; rename or remove it");
        }
        if (Foreign(l => PortNumber.InName(l.Name) is not null) is { } port)
        {
            throw Clash(
                $"there is an interface {port} that is not ours, and pods' ports are named so; rename or remove it");
        }
        if (Foreign(l => l.Group == NodeShape.Default.PortGroup) is { } member)
        {
            throw Clash($"{member} is in link group {NodeShape.Default.PortGroup}, which must be pods' ports alone: "
                + $"ip link set {member} group default");
        }
        var routes = Routes.Dump(route).Where(r => r.OutInterface != bridge.Index || !ours).ToList();
        foreach (var table in new[] { NodeLayout.PodTable, NodeLayout.SinkTable })
        {
            if (routes.Exists(r => r.Table == table))
                throw Clash($"routing table {table} is in use, and must be ours: ip route flush table {table}");
        }
        foreach (var network in new[] { options.PodNetworkIPv4, options.PodNetworkIPv6 })
        {
            if (routes.Find(r => Within(r.Destination, network)) is { Destination.PrefixLength: > 0 } taken)
            {
                throw Clash($"{taken.Destination} has a route already and lies in the pod network {network}: "
                    + "choose another with --pod-network");
            }
        }
        foreach (var network in new[] { options.Services.Networks.IPv4, options.Services.Networks.IPv6 })
        {
            if (routes.Find(r => Within(r.Destination, network)) is { Destination.PrefixLength: > 0 } taken)
            {
                throw Clash($"{taken.Destination} has a route already and lies in the network of Services {network}: "
                    + "choose another with --service-cidr");
            }
        }
        return ours ? bridge.Index : InterfaceIndex.None;

        string? Foreign(Func<LinkInfo, bool> isWanted) =>
            links.FirstOrDefault(l => isWanted(l) && !HostPorts.IsOurPort(l, bridge.Index)).Name;
    }

    private static bool Within(IPNetwork inner, IPNetwork outer) =>
        inner.BaseAddress.AddressFamily == outer.BaseAddress.AddressFamily && inner.PrefixLength >= outer.PrefixLength
        && outer.Contains(inner.BaseAddress);

    private static LinuxException Clash(string message) => new("use this namespace as a node", Errno.EEXIST, message);
}
