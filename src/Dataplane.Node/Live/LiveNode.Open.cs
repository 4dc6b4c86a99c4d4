using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Layout;
using Dataplane.Node.Ports;
using Dataplane.Node.Ports.Bridge;
using Dataplane.Node.Ports.Host;
using Dataplane.Node.Ports.Simulated;
using Dataplane.Node.Programming;
using Dataplane.Node.Repairs;

namespace Dataplane.Node.Live;

/// <content>Opens a node: adopts what an earlier process has left, or makes it.</content>
public sealed partial class LiveNode
{
    /// <exception cref="NodeBusyException">Another process has this node open.</exception>
    /// <exception cref="LinuxException">EPERM: not root.</exception>
    public static LiveNode Open(LiveNodeOptions options) => Open(options, owned: true);

    /// <param name="owned">See <see cref="RulesetProgrammer.Program"/>.</param>
    internal static LiveNode Open(LiveNodeOptions options, bool owned)
    {
        RequireName(options.Name);
        var @lock = NodeLock.Take(options.Name);
        LiveNode? opened = null;
        try
        {
            opened = options.Kind == NodeKind.Host
                ? OpenHost(@lock, options) : Adopt(@lock, options) ?? Create(@lock, options);
            if (options.ShortWay == ShortWayMode.On && opened.NoShortWay is { } why)
                throw new LinuxException("turn the short way on", Errno.EOPNOTSUPP, why);
            opened._owned = owned;
            opened.Use(opened._node.AttachStranger());
            return opened;
        }
        catch
        {
            if (opened is not null)
                opened.Dispose();
            else
                @lock.Dispose();
            throw;
        }
    }

    /// <param name="stranger">The attachment of the negative control.</param>
    private void Use(Attachment? stranger)
    {
        _stranger = stranger;
        Probes.StrangerPort = stranger?.PortIndex ?? InterfaceIndex.None;
    }

    private static LiveNode OpenHost(NodeLock @lock, LiveNodeOptions options)
    {
        var plan = Guarded(NodePlan.Host(options.Name, options.Addresses, options.Masquerade), options);
        var node = HostPorts.Open(plan, out var adopted);
        try
        {
            // Completes also what an earlier process did not finish.
            new NodeRepair(node, [], complete: false, []).Repair();
        }
        catch
        {
            if (!adopted) HostRemoval.RemoveBase(node.Route, node.BridgeIndex);
            node.Dispose();
            throw;
        }
        if (!adopted) OwnNames.DeletePods(options.Name);
        return TakeOver(new LiveNode(@lock, node, options, adopted));
    }

    private static LiveNode? Adopt(NodeLock @lock, LiveNodeOptions options)
    {
        if (NamedNetns.TryOpen(options.Name) is not { } netns) return null;
        var route = NetlinkSocket.Open(NetlinkProtocol.Route, netns);
        var links = Links.Dump(route);
        var isNode = OwnNames.IsNode(links);
        var isSimulated = links.Any(l => l.Index == NodeLayout.BridgeIndex && l.Alias == SimulatedPorts.Alias);
        if (!isNode || isSimulated != (options.Kind == NodeKind.Simulated))
        {
            route.Dispose();
            netns.Dispose();
            // Without a bridge the process that made the namespace has made nothing else.
            if (!isNode) return null;
            throw new LinuxException($"open node {options.Name}", Errno.EEXIST, isSimulated
                ? "it is simulated; open it as that, or remove it first"
                : "it is not simulated: there may be pods on it; remove it first, or use another name");
        }
        var node = PortsOf(PlanOf(options), options.Kind, netns, route);
        return TakeOver(new LiveNode(@lock, node, options, adopted: true));
    }

    private static LiveNode Create(NodeLock @lock, LiveNodeOptions options)
    {
        OwnNames.DeleteNode(options.Name);
        var (plan, netns) = (PlanOf(options), Netns.Create(options.Name));
        try
        {
            var alias = options.Kind == NodeKind.Simulated ? SimulatedPorts.Alias : null;
            var node = PortsOf(plan, options.Kind, netns, BridgeBuilder.Build(netns, plan, alias));
            return new LiveNode(@lock, node, options, adopted: false);
        }
        catch
        {
            netns.Dispose();
            Netns.Delete(options.Name);
            throw;
        }
    }

    private static NodePlan PlanOf(LiveNodeOptions options) =>
        Guarded(NodePlan.Private(options.Name, options.Addresses), options);

    private static NodePlan Guarded(NodePlan plan, LiveNodeOptions options) =>
        plan with
        {
            Shape = plan.Shape with { IsGuarded = options.IsGuarded },
            NoShortWay = options.ShortWay == ShortWayMode.Off ? "it is turned off" : plan.NoShortWay,
        };

    private static NodePorts PortsOf(NodePlan plan, NodeKind kind, Netns netns, NetlinkSocket route) =>
        kind == NodeKind.Simulated ? new SimulatedPorts(plan, netns, route) : new BridgePorts(plan, netns, route);

    /// <summary>Takes over what an earlier process has left: tables, port numbers, ports.</summary>
    private static LiveNode TakeOver(LiveNode adopted)
    {
        try
        {
            adopted.TakeOver();
            return adopted;
        }
        catch
        {
            adopted.Dispose();
            throw;
        }
    }

    private void TakeOver()
    {
        // The ports that the earlier process was about to delete.
        PortRemover.DeleteDoomed(_node.Route);
        _programmer.Adopt(_connections.All().Select(c => c.Mark));
        var ports = AdoptedPort.Find(_node);
        // Until the tables are replaced, they take a port with one of these numbers for the earlier process's pod. So
        // new pods get other numbers.
        foreach (var port in ports)
        {
            _node.Numbers.Reserve(port.Number);
            _taken.Add(port.Number);
        }
        foreach (var (port, address) in _programmer.KnownPorts())
        {
            if (_node.NumberOf(port) is not { } number) continue;
            _node.Reserve(number, address);
            _taken.Add(number);
        }
        // The namespace of the negative control went with its process, and its port with that, now or a little later;
        // its routes stay until they are removed here.
        _node.Numbers.Reserve(NodePorts.StrangerNumber);
        var stranger = ports.FirstOrDefault(p => p.Number == NodePorts.StrangerNumber)?.PortIndex;
        PodDetacher.Remove(_node, [new Remains(
            NodePorts.StrangerNumber, stranger ?? InterfaceIndex.None, NodePorts.StrangerAddresses)]);
        // Likewise the routes of pods whose ports went while no process had the node open.
        var pods = ports.Where(p => p.Number != NodePorts.StrangerNumber).ToList();
        PodDetacher.RemoveRoutesBut(_node, pods.SelectMany(p => p.Addresses).ToHashSet());
        _unclaimed.AddRange(pods);
    }
}
