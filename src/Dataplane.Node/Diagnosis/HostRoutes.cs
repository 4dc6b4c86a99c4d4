using System.Net;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Layout;
using Dataplane.Node.Ports.Host;

namespace Dataplane.Node.Diagnosis;

/// <summary>
/// Finds routes of a host node's machine to more than the networks of pods and Services: what lies inside these is not
/// reached from this machine any more. A route to a part of them keeps the node from being made.
/// </summary>
public static class HostRoutes
{
    /// <summary>Checks the namespace of this process. No findings if it is not a host node.</summary>
    public static IReadOnlyList<Finding> Check()
    {
        using var netns = Netns.OpenCurrent();
        using var route = NetlinkSocket.Open(NetlinkProtocol.Route, netns);
        var links = Links.Dump(route);
        if (HostPorts.NodeOf(links) is null) return [];
        var main = Routes.Dump(route).Where(r => r.Table == Route.MainTable).ToList();
        return
        [
            .. from own in main
               where own.Gateway is { } gateway && IsSink(gateway)
               from other in main
               where IsWider(other.Destination, own.Destination)
               let port = links.FirstOrDefault(l => l.Index == other.OutInterface).Name
               select Finding.Warning(
                   $"the machine's route to {other.Destination}{(port is null ? "" : $" by {port}")} includes "
                       + $"{own.Destination}, which leads to pods or Services: other machines with such addresses are "
                       + "out of reach from here",
                   "if there are such machines, choose other networks with --pod-network and --service-cidr"),
        ];
    }

    private static bool IsSink(IPAddress gateway) => gateway.Equals(NodeLayout.Sink(gateway.AddressFamily));

    /// <summary>A default route is for what no other route is for.</summary>
    private static bool IsWider(IPNetwork outer, IPNetwork inner) => outer.PrefixLength > 0
        && outer.PrefixLength < inner.PrefixLength && outer.Contains(inner.BaseAddress);
}
