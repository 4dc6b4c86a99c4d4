using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Network;
using Dataplane.Planning;

namespace Dataplane.Bench;

/// <summary>
/// A private node as it would be without policies: the same bridge, ports, neighbours and settings, and ordinary routes. Without
/// routing rules from the start, for a namespace that has had one never goes back to the kernel's short way through its tables
/// (fib_has_custom_rules).
/// </summary>
internal sealed class PlainNode : BridgeNode
{
    private PlainNode(Netns netns, NetlinkSocket route) : base(NodeOptions.Default, netns, route)
    {
    }

    public static PlainNode Create()
    {
        var netns = Netns.Create(RunName.Next());
        Sysctl.Write(netns, NodeSysctls.Node);
        var node = new PlainNode(netns, NetlinkSocket.Open(NetlinkProtocol.Route, netns));
        node.Route.Commit("build a plain node", batch =>
        {
            Links.SetUp(batch, Links.Loopback);
            Links.AddBridge(batch, NodeBase.Bridge);
            foreach (var gateway in new[] { node.Options.GatewayIPv4, node.Options.GatewayIPv6 })
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
        Netns.Delete(Netns.Name!);
    }
}
