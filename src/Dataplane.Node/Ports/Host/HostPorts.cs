using System.Net;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Layout;
using Dataplane.Node.Ports.Bridge;
using Dataplane.Policy.Model;
using Dataplane.Rules.Shape;

namespace Dataplane.Node.Ports.Host;

/// <summary>
/// A node in the namespace of this process, beside other programs' interfaces, bridges and firewalls. The alias of the
/// bridge names its node, the kernel chooses interface indexes, and clashes with other programs are refused before
/// anything is changed.
/// </summary>
internal sealed class HostPorts : BridgePorts
{
    private static readonly string Bridge = NodeShape.Default.Bridge;

    private HostPorts(NodePlan plan, Netns netns, NetlinkSocket route, InterfaceIndex bridge)
        : base(plan, netns, route) =>
        BridgeIndex = bridge;

    /// <summary>
    /// Adopts the node of this name, or makes it. The caller repairs what an earlier process has left unfinished.
    /// </summary>
    /// <exception cref="LinuxException">
    /// EEXIST: another program uses a resource that the node needs; nothing has been changed.
    /// </exception>
    public static HostPorts Open(NodePlan plan, out bool adopted)
    {
        var netns = Netns.OpenCurrent();
        NetlinkSocket? route = null;
        HostPorts? node = null;
        adopted = false;
        try
        {
            route = NetlinkSocket.Open(NetlinkProtocol.Route, netns);
            var bridge = HostClash.Require(route, plan.Name, plan.Addresses);
            node = new HostPorts(plan, netns, route, bridge);
            adopted = !bridge.IsNone;
            HostForwarding.TurnOn(netns, route);
            if (adopted)
                node.FinishBridge();
            else
                node.MakeBridge();
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

    /// <summary>The alias of a node's bridge.</summary>
    public static string Alias(string name) => $"dataplane node {name}";

    /// <summary>The name of the host node that these links belong to; null: there is none.</summary>
    public static string? NodeOf(IEnumerable<LinkInfo> links) =>
        links.FirstOrDefault(l => l.Name == Bridge).Alias is { } alias
        && alias.StartsWith(Alias(""), StringComparison.Ordinal) ? alias[Alias("").Length..] : null;

    /// <param name="bridge">The interface index of our bridge; none: there is no such bridge.</param>
    public static bool IsOurPort(in LinkInfo link, InterfaceIndex bridge) =>
        link.Kind == "veth" && PortNumber.InName(link.Name) is not null
        && ((!bridge.IsNone && link.Master == bridge) || link.Group == NodeShape.Default.PortGroup
            || link.Group == NodeLayout.DoomedGroup);

    public override InterfaceIndex PortIndex(PortNumber number) => InterfaceIndex.None;

    /// <summary>The kernel does not choose an index again that another link has had.</summary>
    public override PortNumber? NumberOf(InterfaceIndex index) => null;

    public override bool IsOurPort(in LinkInfo link) => IsOurPort(link, BridgeIndex);

    public override void SettlePorts(List<Attachment> fresh)
    {
        var ports = Links.Dump(Route).Where(l => IsOurPort(l)).ToDictionary(l => l.Name, l => l.Index);
        for (var i = 0; i < fresh.Count; i++)
        {
            if (!ports.TryGetValue(fresh[i].Port, out var index)) continue;
            var settled = fresh[i] with { PortIndex = index };
            Attachments.Replace(settled);
            fresh[i] = settled;
        }
        Sysctl.Write(Netns, [.. fresh.Where(a => !a.PortIndex.IsNone).SelectMany(a => NodeSysctls.HostPort(a.Port))]);
    }

    public override void MakeBridge()
    {
        Route.Commit($"make bridge {Bridge}", batch =>
            Links.AddBridge(batch, BridgeBuilder.Bridge with { Index = InterfaceIndex.None, Up = false }));
        BridgeIndex = Links.Dump(Route).First(l => l.Name == Bridge).Index;
        FinishBridge();
    }

    /// <summary>An address that another interface has is the node's already.</summary>
    public override IEnumerable<IPAddress> AddressesBesideGateway(NodeEndpoint node)
    {
        var elsewhere = Addresses.Dump(Route).Where(a => a.Index != BridgeIndex).Select(a => a.Address).ToHashSet();
        return base.AddressesBesideGateway(node).Where(a => !elsewhere.Contains(a));
    }

    /// <summary>The addresses of other interfaces too, as they are now.</summary>
    public override IEnumerable<IPAddress> ServingAddresses(NodeEndpoint node) => base.ServingAddresses(node)
        .Concat(Addresses.Dump(Route).Where(a => a.Index != BridgeIndex).Select(a => a.Address)
            .Where(a => !IPAddress.IsLoopback(a) && !a.IsIPv6LinkLocal)).Distinct();

    private void FinishBridge()
    {
        Sysctl.Write(Netns, NodeSysctls.HostBridge);
        Route.Commit($"bring {Bridge} up", batch =>
        {
            Links.SetAlias(batch, BridgeIndex, Alias(Plan.Name));
            Links.SetUp(batch, BridgeIndex);
        });
    }
}
