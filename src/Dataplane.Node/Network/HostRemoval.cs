using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Nftables;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Policy.Model;
using Dataplane.Rules.Nftables.Ruleset;
using KernelRules = Dataplane.Linux.Rtnetlink.Rules;

namespace Dataplane.Node.Network;

/// <summary>
/// Takes a host node away: ports, tables, routing, bridge, in this order, so that nothing is open on the way. Settings stay: others
/// may have come to need them.
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
        if (bridge.Name is not null && bridge.Alias != HostNode.Alias(name))
            throw new LinuxException($"remove host node {name}", Errno.EEXIST, $"{bridge.Name} is not this node's; it says \"{bridge.Alias}\"");
        var ports = links.Where(l => HostNode.IsOurPort(l, bridge.Index)).Select(l => l.Index).ToList();
        if (ports.Count > 0)
            route.Commit("remove pods", batch =>
            {
                foreach (var port in ports)
                {
                    Links.SetDown(batch, port);
                    Links.SetGroup(batch, port, NodeLayout.DoomedGroup);
                }
                Links.DeleteGroup(batch, NodeLayout.DoomedGroup);
            });
        DeleteTables(netns);
        RemoveBase(route, bridge.Index);
    }

    /// <param name="bridge">Its index; 0: there is none.</param>
    public static void RemoveBase(NetlinkSocket route, int bridge)
    {
        foreach (var family in AddressFamilies.All)
        {
            var there = KernelRules.Dump(route, family);
            var ours = HostNode.HostRules(family).Where(there.Contains).ToList();
            if (ours.Count == 0) continue;
            var local = NodeBase.KernelsLocalRule(family);
            // Local addresses must be found at every moment; and whoever has a rule of his own for them, keeps it.
            var restores = !there.Any(r => r.Table == NodeLayout.LocalTable && r.Action == RuleAction.Lookup && !ours.Contains(r));
            route.Commit("remove routing rules", batch =>
            {
                if (restores) KernelRules.Add(batch, local);
                foreach (var rule in ours) KernelRules.Delete(batch, rule);
            });
        }
        // With it go its addresses, neighbours and routes.
        if (bridge != 0) route.Commit("remove the bridge", batch => Links.Delete(batch, bridge));
    }

    private static void DeleteTables(Netns netns)
    {
        using var socket = NetlinkSocket.Open(NetlinkProtocol.Netfilter, netns);
        var tables = NftTables.Dump(socket).Where(t => t.Name == SetNames.Table && t.Family is NftFamily.Inet or NftFamily.Bridge).ToList();
        if (tables.Count == 0) return;
        using var batch = new NftBatch(socket);
        foreach (var table in tables) batch.DeleteTable(table.Family, table.Name);
        batch.Commit("delete the tables");
    }
}
