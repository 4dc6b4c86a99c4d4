using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Addressing;
using Dataplane.Policy;
using Dataplane.Rules.Nftables;

namespace Dataplane.Node.Network;

/// <summary>
/// A node in a network namespace of its own: a bridge with the gateway's addresses, pods on isolated ports, externals behind
/// routed veth pairs. The host's network is not touched. Only the node's namespace has a name; the others end with the process,
/// however it ends.
/// </summary>
internal sealed class PrivateNode : IDisposable
{
    private readonly List<Attachment> _attachments = [];
    private int _interfaces;

    private PrivateNode(NodeOptions options, Netns netns, NetlinkSocket route) => (Options, Netns, Route) = (options, netns, route);

    public NodeOptions Options { get; }

    public Netns Netns { get; }

    /// <summary>An rtnetlink socket of the node's namespace.</summary>
    public NetlinkSocket Route { get; }

    /// <summary>Everything attached, in order.</summary>
    public IReadOnlyList<Attachment> Attachments => _attachments;

    /// <exception cref="Linux.LinuxException">EPERM: not root. Nothing is left behind.</exception>
    public static PrivateNode Create(NodeOptions options)
    {
        var netns = Netns.Create(RunName.Next());
        NetlinkSocket? route = null;
        try
        {
            route = NetlinkSocket.Open(NetlinkProtocol.Route, netns);
            Sysctl.Write(netns, NodeSysctls.Node);
            route.Commit("build the node's bridge and routes", (ref batch) => NodeBase.Write(ref batch, options));
            return new PrivateNode(options, netns, route);
        }
        catch
        {
            route?.Dispose();
            netns.Dispose();
            Netns.Delete(netns.Name!);
            throw;
        }
    }

    /// <summary>Gives the node the addresses it is known by, where they are not the gateway's.</summary>
    public void AddAddresses(NodeEndpoint known)
    {
        foreach (var address in new[] { known.IPv4, known.IPv6 }.OfType<IPAddress>().Where(a => !a.Equals(Gateway(a.AddressFamily))))
            Route.Commit($"give the node {address}", (ref batch) =>
                Addresses.Add(ref batch, NodeLayout.BridgeIndex, address, NodeLayout.Host(address).PrefixLength));
    }

    /// <summary>Attaches pods. They are closed until their addresses are programmed.</summary>
    public IReadOnlyList<Attachment> AttachPods(IEnumerable<PodEndpoint> pods, CancellationToken stop = default) =>
        PodAttacher.Attach(this, [.. pods.Select(p => ((Endpoint?)p, AddressesOf(p)))], stop);

    /// <summary>Attaches a port that will never be programmed, with an address that no pod has.</summary>
    public Attachment AttachStranger() => PodAttacher.Attach(this,
        [(null, [.. new[] { StrangerAddress(AddressFamily.InterNetwork), StrangerAddress(AddressFamily.InterNetworkV6) }])], default)[0];

    public IReadOnlyList<Attachment> AttachExternals(IEnumerable<ExternalEndpoint> externals) => [.. externals.Select(e => ExternalAttacher.Attach(this, e))];

    /// <summary>The next free interface number.</summary>
    public int NextInterface() => _interfaces++;

    public void Add(Attachment attachment) => _attachments.Add(attachment);

    public IPAddress Gateway(AddressFamily family) => family == AddressFamily.InterNetwork ? Options.GatewayIPv4 : Options.GatewayIPv6;

    public void Dispose()
    {
        Route.Dispose();
        foreach (var attachment in _attachments) attachment.Netns.Dispose();
        Netns.Dispose();
        Netns.Delete(Netns.Name!);
    }

    /// <summary>From the ranges for documentation (RFC 5737, RFC 3849): no manifest has a reason to use them for pods.</summary>
    private static IPAddress StrangerAddress(AddressFamily family) =>
        IPAddress.Parse(family == AddressFamily.InterNetwork ? "203.0.113.254" : "2001:db8:ffff::fe");

    private static IPAddress[] AddressesOf(PodEndpoint pod) => [.. new[] { pod.IPv4, pod.IPv6 }.OfType<IPAddress>()];
}

/// <summary>The node before any pod: bridge, gateway addresses, sink, policy routing.</summary>
internal static class NodeBase
{
    public static void Write(ref NetlinkWriter batch, NodeOptions options)
    {
        Links.SetUp(ref batch, Links.Loopback);
        Links.AddBridge(ref batch, new BridgeRequest(NodeShape.Default.Bridge, NodeLayout.GatewayMac, NodeLayout.BridgeIndex, Up: true));
        foreach (var (gateway, network) in new[] { (options.GatewayIPv4, options.PodNetworkIPv4), (options.GatewayIPv6, options.PodNetworkIPv6) })
        {
            var family = gateway.AddressFamily;
            Addresses.Add(ref batch, NodeLayout.BridgeIndex, gateway, NodeLayout.Host(gateway).PrefixLength);
            Neighbours.SetPermanent(ref batch, NodeLayout.BridgeIndex, NodeLayout.Sink(family), NodeLayout.SinkMac);
            Routes.Add(ref batch, ToSink(network, gateway));
            PolicyRouting(ref batch, family);
        }
    }

    /// <summary>For packets that no chain of ours has marked: to the bridge, and there to nobody.</summary>
    public static Route ToSink(IPNetwork destination, IPAddress gateway) => new(destination)
    {
        Gateway = NodeLayout.Sink(gateway.AddressFamily), OutInterface = NodeLayout.BridgeIndex, OnLink = true, PreferredSource = gateway,
    };

    /// <summary>
    /// Closed without the tables too: from the bridge nothing goes anywhere without a mark, not even to the node, and the routes
    /// to pods are in a table that only a mark leads to. Hence the kernel's rule for local addresses must come after ours.
    /// </summary>
    private static void PolicyRouting(ref NetlinkWriter batch, AddressFamily family)
    {
        Linux.Rtnetlink.Rules.Add(ref batch, new Rule(family, 100) { Action = RuleAction.Prohibit, InInterface = NodeShape.Default.Bridge, Mark = 0, Mask = MarkBits.Known });
        Linux.Rtnetlink.Rules.Add(ref batch, new Rule(family, 101) { Table = NodeLayout.PodTable, Mark = MarkBits.Known, Mask = MarkBits.Known });
        Linux.Rtnetlink.Rules.Add(ref batch, new Rule(family, 110) { Table = NodeLayout.LocalTable });
        Linux.Rtnetlink.Rules.Delete(ref batch, new Rule(family, 0) { Table = NodeLayout.LocalTable });
    }
}
