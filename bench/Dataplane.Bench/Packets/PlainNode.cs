using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Layout;
using Dataplane.Node.Ports.Bridge;
using Dataplane.Node.Ports;
using Dataplane.Planning;

namespace Dataplane.Bench;

/// <summary>
/// A private node as it would be without policies: the same bridge, ports, neighbours and settings, and ordinary
/// routes. Without routing rules from the start, for a namespace that has had one never goes back to the kernel's short
/// way through its tables (fib_has_custom_rules).
/// </summary>
internal sealed class PlainNode : BridgePorts
{
    private PlainNode(NodePlan plan, Netns netns, NetlinkSocket route) : base(plan, netns, route)
    {
    }

    public static PlainNode Create()
    {
        var plan = NodePlan.Private(RunName.Next(), NodeOptions.Default);
        var netns = Netns.Create(plan.Name);
        Sysctl.Write(netns, NodeSysctls.Node);
        var node = new PlainNode(plan, netns, NetlinkSocket.Open(NetlinkProtocol.Route, netns));
        node.Route.Commit("build a plain node", batch =>
        {
            Links.SetUp(batch, Links.Loopback);
            Links.AddBridge(batch, BridgeBuilder.Bridge);
            foreach (var gateway in new[] { plan.Addresses.GatewayIPv4, plan.Addresses.GatewayIPv6 })
                Addresses.Add(batch, NodeLayout.BridgeIndex, gateway, NodeLayout.Host(gateway).PrefixLength);
        });
        return node;
    }

    /// <summary>The way to everything attached, for all packets.</summary>
    public void AddRoutes() => Route.Commit("route to the pods", batch =>
    {
        foreach (var address in Attachments.SelectMany(a => a.Addresses))
            Routes.Add(batch, new Route(NodeLayout.Host(address)) { OutInterface = BridgeIndex });
    });

    public override void Dispose()
    {
        base.Dispose();
        Netns.Delete(Plan.Name);
    }
}
