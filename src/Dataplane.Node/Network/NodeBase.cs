using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Planning;
using Dataplane.Rules.Nftables.Ruleset;

namespace Dataplane.Node.Network;

/// <summary>The node before any pod: settings, bridge, gateway addresses, sink, policy routing.</summary>
internal static class NodeBase
{
    public static readonly BridgeRequest Bridge = new(NodeShape.Default.Bridge, NodeLayout.GatewayMac, NodeLayout.BridgeIndex, Up: true);

    /// <param name="alias">What the bridge says of itself; null: nothing.</param>
    /// <returns>The rtnetlink socket that it was done with.</returns>
    public static NetlinkSocket Build(Netns netns, NodeOptions options, string? alias = null)
    {
        var route = NetlinkSocket.Open(NetlinkProtocol.Route, netns);
        try
        {
            Sysctl.Write(netns, NodeSysctls.Node);
            route.Commit("build the node's bridge and routes", batch => Write(batch, options, alias));
            return route;
        }
        catch
        {
            route.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Closed without the tables too: from the bridge nothing goes anywhere without a mark, not even to the node, and the routes
    /// to pods are in a table that only a mark leads to. Hence the kernel's rule for local addresses must come after ours.
    /// </summary>
    public static Rule[] Rules(AddressFamily family) =>
    [
        new Rule(family, 100) { Action = RuleAction.Prohibit, InInterface = NodeShape.Default.Bridge, Mark = 0, Mask = MarkBits.Known },
        new Rule(family, 101) { Table = NodeLayout.PodTable, Mark = MarkBits.Known, Mask = MarkBits.Known },
        new Rule(family, 110) { Table = NodeLayout.LocalTable },
    ];

    /// <summary>The kernel's own rule for local addresses, which would come before ours.</summary>
    public static Rule KernelsLocalRule(AddressFamily family) => new(family, 0) { Table = NodeLayout.LocalTable };

    /// <summary>For packets that no chain of ours has marked: to the bridge, and there to nobody.</summary>
    public static Route ToSink(BridgeNode node, IPNetwork destination, IPAddress gateway) => ToSink(node.BridgeIndex, destination, gateway);

    private static Route ToSink(int bridge, IPNetwork destination, IPAddress gateway) => new(destination)
    {
        Gateway = NodeLayout.Sink(gateway.AddressFamily), OutInterface = bridge, OnLink = true, PreferredSource = gateway,
    };

    private static void Write(NetlinkWriter batch, NodeOptions options, string? alias)
    {
        Links.SetUp(batch, Links.Loopback);
        Links.AddBridge(batch, Bridge);
        if (alias is not null) Links.SetAlias(batch, NodeLayout.BridgeIndex, alias);
        foreach (var (gateway, network) in new[] { (options.GatewayIPv4, options.PodNetworkIPv4), (options.GatewayIPv6, options.PodNetworkIPv6) })
        {
            var family = gateway.AddressFamily;
            Addresses.Add(batch, NodeLayout.BridgeIndex, gateway, NodeLayout.Host(gateway).PrefixLength);
            Neighbours.SetPermanent(batch, NodeLayout.BridgeIndex, NodeLayout.Sink(family), NodeLayout.SinkMac);
            Routes.Add(batch, ToSink(NodeLayout.BridgeIndex, network, gateway));
            foreach (var rule in Rules(family)) Linux.Rtnetlink.Rules.Add(batch, rule);
            Linux.Rtnetlink.Rules.Delete(batch, KernelsLocalRule(family));
        }
    }
}
