using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Layout;
using Dataplane.Node.Ports;
using Dataplane.Node.Ports.Bridge;

namespace Dataplane.Node.Repairs;

/// <summary>
/// Compares eth0 in a pod's namespace, with its addresses, neighbours and routes, with the plan, and repairs the
/// differences. Anything else in the namespace is left alone.
/// </summary>
internal static class PodRepair
{
    /// <returns>False: eth0 is missing, so that the pod must be attached again.</returns>
    public static bool Repair(NodePorts node, Attachment attachment, List<Repair> repairs)
    {
        var name = attachment.EndpointName;
        using var inside = NetlinkSocket.Open(NetlinkProtocol.Route, attachment.Netns);
        var link = Links.Dump(inside).FirstOrDefault(l => l.Index == attachment.InnerIndex);
        if (link.Kind != "veth")
        {
            repairs.Add(new Repair($"eth0 of {name}", "missing"));
            return false;
        }
        RepairSettings(attachment, name, repairs);
        if (!link.Up || link.Mac != attachment.Mac)
        {
            repairs.Add(new Repair($"eth0 of {name}", link.Up ? $"MAC address {link.Mac}" : "down"));
            inside.Commit($"repair eth0 of {name}", batch =>
            {
                Links.SetMac(batch, link.Index, attachment.Mac);
                Links.SetUp(batch, link.Index);
            });
        }
        // Read after the link was repaired: addresses and routes may have gone with it.
        var addresses = Addresses.Dump(inside).Where(a => a.Index == link.Index).Select(a => a.Address).ToHashSet();
        var missing = attachment.Addresses.Where(a => !addresses.Contains(a)).ToList();
        var neighbours = Neighbours.Dump(inside).Where(n => n.Index == link.Index && n.Permanent)
            .ToDictionary(n => n.Address, n => n.Mac);
        var gateways = attachment.Addresses.Select(a => node.Plan.Gateway(a.AddressFamily)).ToList();
        var unknown = gateways.Where(g => neighbours.GetValueOrDefault(g) != attachment.NextHop).ToList();
        foreach (var address in missing) repairs.Add(new Repair($"address {address} of {name}", "missing"));
        foreach (var gateway in unknown)
        {
            repairs.Add(
                new Repair($"neighbour {gateway} of {name}", neighbours.GetValueOrDefault(gateway)?.ToString()
                ?? "missing"));
        }
        if (missing.Count + unknown.Count > 0)
        {
            inside.Commit($"repair addresses of {name}", batch =>
            {
                foreach (var address in missing)
                    Addresses.Add(batch, link.Index, address, NodeLayout.Host(address).PrefixLength);
                foreach (var gateway in unknown)
                    Neighbours.SetPermanent(batch, link.Index, gateway, attachment.NextHop);
            });
        }
        var routes = Routes.Dump(inside).Select(r => r with { Metric = 0 }).ToHashSet();
        var missingRoutes = gateways.Select(g => PodAttacher.DefaultRoute(g, link.Index))
            .Where(r => !routes.Contains(r)).ToList();
        foreach (var route in missingRoutes)
            repairs.Add(new Repair($"route to {route.Destination} of {name}", "missing"));
        if (missingRoutes.Count > 0)
        {
            inside.Commit($"repair routes of {name}", batch =>
            {
                foreach (var route in missingRoutes) Routes.Replace(batch, route);
            });
        }
        return true;
    }

    private static void RepairSettings(Attachment attachment, string name, List<Repair> repairs)
    {
        var differences = Sysctl.Differences(attachment.Netns, NodeSysctls.Foreign);
        foreach (var (setting, found) in differences)
            repairs.Add(new Repair($"setting {setting.Name} of {name}", found));
        Sysctl.Write(attachment.Netns, [.. differences.Select(d => d.Setting)]);
    }
}
