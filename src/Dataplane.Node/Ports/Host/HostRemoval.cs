using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Layout;
using Dataplane.Node.Programming;
using Dataplane.Policy.Model;
using Dataplane.Rules.Shape;
using KernelRules = Dataplane.Linux.Rtnetlink.Rules;

namespace Dataplane.Node.Ports.Host;

/// <summary>
/// Removes a host node: ports, tables, routing, bridge, in this order, so that nothing is open in between. Settings
/// stay: other programs may depend on them meanwhile.
/// </summary>
internal static class HostRemoval
{
    /// <exception cref="LinuxException">EEXIST: the bridge is another node's.</exception>
    public static void Remove(string name)
    {
        using var netns = Netns.OpenCurrent();
        using var route = NetlinkSocket.Open(NetlinkProtocol.Route, netns);
        var links = Links.Dump(route);
        var bridge = links.FirstOrDefault(l => l.Name == NodeShape.Default.Bridge);
        if (bridge.Name is not null && bridge.Alias != HostPorts.Alias(name))
        {
            throw new LinuxException($"remove host node {name}", Errno.EEXIST,
                $"{bridge.Name} is not this node's; it says \"{bridge.Alias}\"");
        }
        var ports = links.Where(l => HostPorts.IsOurPort(l, bridge.Index)).Select(l => l.Index).ToList();
        if (ports.Count > 0)
        {
            route.Commit("remove pods", batch =>
            {
                foreach (var port in ports)
                {
                    Links.SetDown(batch, port);
                    Links.SetGroup(batch, port, NodeLayout.DoomedGroup);
                }
                Links.DeleteGroup(batch, NodeLayout.DoomedGroup);
            });
        }
        RulesetProgrammer.DeleteTables(netns);
        RemoveBase(route, bridge.Index);
    }

    /// <param name="bridge">The interface index of the bridge; none: there is no bridge.</param>
    public static void RemoveBase(NetlinkSocket route, InterfaceIndex bridge)
    {
        foreach (var family in AddressFamilies.All)
        {
            var there = KernelRules.Dump(route, family);
            var ours = NodeRouting.HostRules(family).Where(there.Contains).ToList();
            if (ours.Count == 0) continue;
            var local = NodeRouting.KernelsLocalRule(family);
            // Local addresses must be found at every moment; another program's rule for them is kept.
            var restores = !there.Any(r => r.Table == NodeLayout.LocalTable && r.Action == RuleAction.Lookup
                && !ours.Contains(r));
            route.Commit("remove routing rules", batch =>
            {
                if (restores) KernelRules.Add(batch, local);
                foreach (var rule in ours) KernelRules.Delete(batch, rule);
            });
        }
        // The kernel deletes the addresses, neighbours and routes of the bridge with it.
        if (!bridge.IsNone) route.Commit("remove the bridge", batch => Links.Delete(batch, bridge));
    }
}
