using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Live;
using Dataplane.Planning;
using Dataplane.Policy.Model;
using Dataplane.Rules.Nftables.Ruleset;

namespace Dataplane.Node.Network;

/// <summary>
/// The namespace that this process runs in as a node, beside other people's interfaces, bridges and firewalls. The bridge says whose
/// node it is; the kernel chooses interface indexes; what clashes is refused before anything is changed.
/// </summary>
internal sealed class HostNode : BridgeNode
{
    private static readonly string Bridge = NodeShape.Default.Bridge;

    private HostNode(string name, NodeOptions options, bool masquerade, Netns netns, NetlinkSocket route, int bridge) : base(options, netns, route)
    {
        Name = name;
        BridgeIndex = bridge;
        Shape = NodeShape.Default with { IsShared = true, Masqueraded = masquerade ? [options.PodNetworkIPv4, options.PodNetworkIPv6] : [] };
    }

    public override string Name { get; }

    public override NodeShape Shape { get; }

    public override IReadOnlyList<SysctlSetting> Settings => NodeSysctls.Host;

    /// <summary>Adopts what is there of the node of this name, or makes it.</summary>
    /// <exception cref="LinuxException">EEXIST: something of others is in the way; nothing has been changed.</exception>
    public static HostNode Open(string name, NodeOptions options, bool masquerade, out bool adopted)
    {
        var netns = Netns.OpenCurrent();
        NetlinkSocket? route = null;
        HostNode? node = null;
        adopted = false;
        try
        {
            route = NetlinkSocket.Open(NetlinkProtocol.Route, netns);
            var bridge = HostClash.Require(route, name, options);
            node = new HostNode(name, options, masquerade, netns, route, bridge);
            adopted = bridge != 0;
            HostForwarding.TurnOn(netns, route);
            if (!adopted) node.MakeBridge();
            else node.FinishBridge();
            // Also where an earlier process was killed half way.
            new NodeRepair(node, [], complete: false, []).Mend();
            return node;
        }
        catch
        {
            if (node is not null && !adopted) HostRemoval.RemoveBase(route!, node.BridgeIndex);
            route?.Dispose();
            netns.Dispose();
            throw;
        }
    }

    /// <summary>What the bridge says of itself.</summary>
    public static string Alias(string name) => $"dataplane node {name}";

    public override int PortIndex(int number) => 0;

    public override bool IsOurPort(in LinkInfo link) => IsOurPort(link, BridgeIndex);

    public static bool IsOurPort(in LinkInfo link, int bridge) => link.Kind == "veth" && NodeLayout.PortNumber(link.Name) is not null
        && ((bridge != 0 && link.Master == bridge) || link.Group == NodeShape.Default.PortGroup || link.Group == NodeLayout.DoomedGroup);

    public override void SettlePorts(List<Attachment> fresh)
    {
        var ports = Links.Dump(Route).Where(l => IsOurPort(l)).ToDictionary(l => l.Name, l => l.Index);
        for (var i = 0; i < fresh.Count; i++)
        {
            if (!ports.TryGetValue(fresh[i].Port, out var index)) continue;
            var settled = fresh[i] with { PortIndex = index };
            Replace(settled);
            fresh[i] = settled;
        }
        Sysctl.Write(Netns, [.. fresh.Where(a => a.PortIndex != 0).SelectMany(a => NodeSysctls.HostPort(a.Port))]);
    }

    public override void MakeBridge()
    {
        Route.Commit($"make bridge {Bridge}", batch => Links.AddBridge(batch, NodeBase.Bridge with { Index = 0, Up = false }));
        BridgeIndex = Links.Dump(Route).First(l => l.Name == Bridge).Index;
        FinishBridge();
    }

    private void FinishBridge()
    {
        Sysctl.Write(Netns, NodeSysctls.HostBridge);
        Route.Commit($"bring {Bridge} up", batch =>
        {
            Links.SetAlias(batch, BridgeIndex, Alias(Name));
            Links.SetUp(batch, BridgeIndex);
        });
    }

    public override Rule[] Rules(AddressFamily family) => HostRules(family);

    /// <summary>
    /// As <see cref="NodeBase.Rules"/>. The kernel, where rp_filter is on for an interface outside, asks for the way back as if the
    /// packet came from our bridge, and without its mark: a prohibition in answer would drop it also where the filter is loose (2).
    /// So what has no mark is first shown a table in which everything leads to the sink.
    /// </summary>
    public static Rule[] HostRules(AddressFamily family) =>
    [
        new Rule(family, 99) { Table = NodeLayout.SinkTable, InInterface = Bridge, Mark = 0, Mask = MarkBits.Known },
        .. NodeBase.Rules(family),
    ];

    /// <summary>Other people's routing rules are theirs.</summary>
    public override bool MustGo(in Rule rule) => rule == NodeBase.KernelsLocalRule(rule.Family);

    public override IEnumerable<Route> BaseRoutes(AddressFamily family) =>
    [
        .. base.BaseRoutes(family),
        NodeBase.ToSink(this, new IPNetwork(family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0), Gateway(family)) with { Table = NodeLayout.SinkTable },
    ];

    /// <summary>An address that another interface has is the node's already.</summary>
    public override IEnumerable<IPAddress> AddressesBesideGateway(NodeEndpoint known)
    {
        var elsewhere = Addresses.Dump(Route).Where(a => a.Index != BridgeIndex).Select(a => a.Address).ToHashSet();
        return base.AddressesBesideGateway(known).Where(a => !elsewhere.Contains(a));
    }
}
