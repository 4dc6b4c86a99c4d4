using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Layout;
using Dataplane.Node.Ports.Host;
using Dataplane.Node.Ports.Simulated;
using Dataplane.Node.Programming;

namespace Dataplane.Node.Live;

/// <summary>A node that is in the kernel, whether or not a process has it open.</summary>
/// <param name="Name">Empty for a host node of which only the tables are left.</param>
/// <param name="Pods">The number of names below /run/netns that belong to its pods.</param>
/// <param name="IsOpen">Whether a process has it open.</param>
public sealed record StandingNode(string Name, NodeKind Kind, int Pods, bool IsOpen);

/// <summary>Finds the nodes that live daemons have made, or have left behind.</summary>
public static class StandingNodes
{
    /// <summary>
    /// Those of this machine, and the host node of the namespace of this process. Nodes of runs such as <c>demo</c>,
    /// which end with their process, are left out.
    /// </summary>
    /// <exception cref="Linux.Native.LinuxException">EPERM: not root.</exception>
    public static IReadOnlyList<StandingNode> All()
    {
        List<StandingNode> found = [];
        if (Host() is { } host) found.Add(host);
        found.AddRange(Netns.List().Where(n => !n.Contains(PodNames.Joint) && !RunName.IsRun(n)).Select(Private)
            .OfType<StandingNode>());
        // Pods whose node is gone: only a name that a daemon has locked is one of ours.
        found.AddRange(NodeLock.Names().Except(found.Select(n => n.Name)).Where(n => !RunName.IsRun(n))
            .Select(n => New(n, NodeKind.Private)).Where(n => n.Pods > 0));
        return found;
    }

    private static StandingNode? Host()
    {
        using var netns = Netns.OpenCurrent();
        using var route = NetlinkSocket.Open(NetlinkProtocol.Route, netns);
        if (HostPorts.NodeOf(Links.Dump(route)) is { } name) return New(name, NodeKind.Host);
        return RulesetProgrammer.HasTables(netns) ? new StandingNode("", NodeKind.Host, 0, false) : null;
    }

    private static StandingNode? Private(string name)
    {
        using var netns = NamedNetns.TryOpen(name);
        if (netns is null) return null;
        using var route = NetlinkSocket.Open(NetlinkProtocol.Route, netns);
        var links = Links.Dump(route);
        if (!OwnNames.IsNode(links)) return null;
        var bridge = links.First(l => l.Index == NodeLayout.BridgeIndex);
        return New(name, bridge.Alias == SimulatedPorts.Alias ? NodeKind.Simulated : NodeKind.Private);
    }

    private static StandingNode New(string name, NodeKind kind) =>
        new(name, kind, PodNames.NetnsOf(name).Count(), NodeLock.IsHeld(name));
}
