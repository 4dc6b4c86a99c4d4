using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Layout;
using Dataplane.Policy.Model;
using Dataplane.Rules.Shape;

namespace Dataplane.Node.Ports.Bridge;

/// <summary>Builds a private node before any pod: settings, bridge, gateway addresses, sink, routing rules.</summary>
internal static class BridgeBuilder
{
    public static readonly BridgeRequest Bridge =
        new(NodeShape.Default.Bridge, NodeLayout.GatewayMac, NodeLayout.BridgeIndex, Up: true);

    /// <param name="alias">The alias of the bridge; null: none.</param>
    /// <returns>The rtnetlink socket of the namespace that was used.</returns>
    public static NetlinkSocket Build(Netns netns, NodePlan plan, string? alias = null)
    {
        var route = NetlinkSocket.Open(NetlinkProtocol.Route, netns);
        try
        {
            Sysctl.Write(netns, NodeSysctls.Node);
            route.Commit("build the node's bridge and routes", batch => Write(batch, plan, alias));
            return route;
        }
        catch
        {
            route.Dispose();
            throw;
        }
    }

    private static void Write(NetlinkWriter batch, NodePlan plan, string? alias)
    {
        Links.SetUp(batch, Links.Loopback);
        Links.AddBridge(batch, Bridge);
        if (alias is not null) Links.SetAlias(batch, NodeLayout.BridgeIndex, alias);
        foreach (var family in AddressFamilies.All)
        {
            var gateway = plan.Gateway(family);
            Addresses.Add(batch, NodeLayout.BridgeIndex, gateway, NodeLayout.Host(gateway).PrefixLength);
            Neighbours.SetPermanent(batch, NodeLayout.BridgeIndex, NodeLayout.Sink(family), NodeLayout.SinkMac);
            foreach (var route in plan.BaseRoutes(family, NodeLayout.BridgeIndex)) Routes.Add(batch, route);
            foreach (var rule in plan.RoutingRules(family)) Linux.Rtnetlink.Rules.Add(batch, rule);
            Linux.Rtnetlink.Rules.Delete(batch, NodeRouting.KernelsLocalRule(family));
        }
    }
}
