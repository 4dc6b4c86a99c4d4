using System.Net;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Layout;
using Dataplane.Node.Ports;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;
using Dataplane.Rules.Shape;
using KernelLinks = Dataplane.Linux.Rtnetlink.Links;
using KernelRules = Dataplane.Linux.Rtnetlink.Rules;

namespace Dataplane.Node.Repairs;

/// <summary>
/// Compares the node's own namespace with the plan, and repairs the differences: bridge, ports, addresses, routes,
/// neighbours, routing rules. Without differences it costs one dump of each kind.
/// </summary>
/// <param name="known">Addresses that the bridge must have beside the gateways.</param>
/// <param name="complete">
/// Whether all pods are attached. If so, addresses and routes of no attachment are removed.
/// </param>
internal sealed class NodeRepair(NodePorts node, IReadOnlyCollection<IPAddress> known, bool complete,
    List<Repair> repairs)
{
    private static readonly string Bridge = NodeShape.Default.Bridge;

    /// <summary>Attachments whose port is missing, has another name, or does not lead to the pod.</summary>
    public IReadOnlyList<Attachment> Lost { get; private set; } = [];

    public void Repair()
    {
        // In this order: a new interface has no addresses, and without addresses there are no routes.
        RepairBridge();
        RepairPorts(node.Wired, KernelLinks.Dump(node.Route));
        RepairAddresses();
        RepairForwarding();
        RepairNeighbours();
        RepairRoutes();
        RepairRules();
    }

    /// <summary>Whether the bridge exists, is up and has its MAC address.</summary>
    public bool HasBridge() =>
        Links([node.BridgeIndex]) is [{ Name: var name, Kind: "bridge", Up: true, Mac: { } mac }] && name == Bridge
        && mac == NodeLayout.GatewayMac;

    /// <summary>As <see cref="Repair()"/>, for these parts and ports only. Requires <see cref="HasBridge"/>.</summary>
    public void Repair(NodeParts parts, IReadOnlyCollection<Attachment> ports)
    {
        if (ports.Count > 0) RepairPorts(ports, Links(ports.Select(p => p.PortIndex)));
        if (parts.HasFlag(NodeParts.Addresses)) RepairAddresses();
        if (parts.HasFlag(NodeParts.Forwarding)) RepairForwarding();
        if (parts.HasFlag(NodeParts.Neighbours)) RepairNeighbours();
        if (parts.HasFlag(NodeParts.Routes)) RepairRoutes();
        if (parts.HasFlag(NodeParts.Rules)) RepairRules();
    }

    private void RepairBridge()
    {
        var links = KernelLinks.Dump(node.Route);
        var found = links.FirstOrDefault(l => l.Name == Bridge);
        if (found.Name is null || found.Index != node.BridgeIndex)
        {
            Found($"bridge {Bridge}", found.Name is null ? "missing" : "another interface");
            if (found.Name is not null)
            {
                node.Route.Commit("remove what is not our bridge", batch =>
                    KernelLinks.Delete(batch, found.Index));
            }
            node.MakeBridge();
            return;
        }
        if (found is { Kind: "bridge", Up: true } && found.Mac == NodeLayout.GatewayMac) return;
        Found($"bridge {Bridge}", found.Up ? $"MAC address {found.Mac}" : "down");
        node.Route.Commit("repair the bridge", batch =>
        {
            if (found.Mac != NodeLayout.GatewayMac) KernelLinks.SetMac(batch, found.Index, NodeLayout.GatewayMac);
            KernelLinks.SetUp(batch, found.Index);
        });
    }

    private List<LinkInfo> Links(IEnumerable<InterfaceIndex> indexes)
    {
        var links = new List<LinkInfo>();
        using var batch = node.Route.NewBatch();
        foreach (var index in indexes) KernelLinks.Get(batch, index);
        // ENODEV: a port that is missing is not in the list.
        node.Route.Commit("ask for ports", batch, (_, body) => links.Add(KernelLinks.Parse(body)), Errno.ENODEV);
        return links;
    }

    private void RepairPorts(IEnumerable<Attachment> ports, IEnumerable<LinkInfo> there)
    {
        var links = there.ToDictionary(l => l.Index);
        var lost = new List<Attachment>();
        var wrong = new List<(Attachment Attachment, LinkInfo Link)>();
        foreach (var attachment in ports)
        {
            if (!links.TryGetValue(attachment.PortIndex, out var link) || link.Name != attachment.Port)
            {
                Found(Port(attachment), link.Name is null ? "missing" : $"named {link.Name}");
                lost.Add(attachment);
            }
            else if (link.PeerNamespace != attachment.NamespaceId || link.PeerIndex != attachment.InnerIndex)
            {
                Found(Port(attachment), "another link of this name");
                lost.Add(attachment);
            }
            else if (WhatIsWrong(attachment, link) is { } found)
            {
                Found(Port(attachment), found);
                wrong.Add((attachment, link));
            }
        }
        Lost = lost;
        node.Route.Commit("repair ports", batch =>
        {
            foreach (var (attachment, link) in wrong)
            {
                if (link.Group != node.Plan.Shape.PortGroup)
                    KernelLinks.SetGroup(batch, link.Index, node.Plan.Shape.PortGroup);
                if (link.Master != node.BridgeIndex) KernelLinks.SetMaster(batch, link.Index, node.BridgeIndex);
                KernelLinks.SetBridgePort(batch, link.Index, BridgePortFlags.RoutedPod, up: true, attachment.Alias);
            }
        });
        RepairGuards([.. ports.Except(lost)]);
    }

    private void RepairGuards(IReadOnlyList<Attachment> ports)
    {
        var without = node.Guard.Without(node.Route, [.. ports.Select(p => p.PortIndex)]).ToHashSet();
        foreach (var attachment in ports.Where(p => without.Contains(p.PortIndex)))
            Found($"guard of {Port(attachment)}", "missing");
        node.Route.Commit("guard the ports", batch =>
        {
            foreach (var port in without) node.Guard.Put(batch, port);
        });
    }

    private string? WhatIsWrong(Attachment attachment, in LinkInfo link)
    {
        if (link.Master != node.BridgeIndex) return "not on the bridge";
        if (link.Group != node.Plan.Shape.PortGroup) return $"in link group {link.Group}";
        if (link.Port != BridgePortFlags.RoutedPod) return "other bridge port flags";
        if (link.Alias != attachment.Alias) return $"alias {link.Alias}";
        return link.Up ? null : "down";
    }

    private void RepairAddresses()
    {
        var there = Addresses.Dump(node.Route).Where(a => a.Index == node.BridgeIndex).ToList();
        IPAddress[] wanted = [node.Plan.Addresses.GatewayIPv4, node.Plan.Addresses.GatewayIPv6, .. known];
        var missing = wanted.Where(w => !there.Exists(a => a.Address.Equals(w))).ToList();
        var surplus = complete ? there.Where(a => !wanted.Contains(a.Address)).ToList() : [];
        foreach (var address in missing) Found($"address {address} of {Bridge}", "missing");
        foreach (var address in surplus) Found($"address {address.Address} of {Bridge}", "there, and not ours");
        node.Route.Commit("repair addresses", batch =>
        {
            foreach (var address in missing)
                Addresses.Add(batch, node.BridgeIndex, address, NodeLayout.Host(address).PrefixLength);
            foreach (var address in surplus)
                Addresses.Delete(batch, node.BridgeIndex, address.Address, address.PrefixLength);
        });
    }

    private void RepairForwarding()
    {
        var there = ForwardingTable.Dump(node.Route).Where(e => e.Static && e.Master == node.BridgeIndex)
            .Select(e => (e.Port, e.Mac)).ToHashSet();
        var missing = node.Wired.Except(Lost).Where(a => !there.Contains((a.PortIndex, a.Mac))).ToList();
        foreach (var attachment in missing) Found($"forwarding entry of {Port(attachment)}", "missing");
        node.Route.Commit("repair forwarding entries", batch =>
        {
            foreach (var attachment in missing)
                ForwardingTable.SetStatic(batch, attachment.PortIndex, attachment.Mac);
        });
    }

    private void RepairNeighbours()
    {
        var there = Neighbours.Dump(node.Route).Where(n => n.Index == node.BridgeIndex && n.Permanent)
            .ToDictionary(n => n.Address, n => n.Mac);
        var wrong = AddressFamilies.All.Select(f => (Address: NodeLayout.Sink(f), Mac: NodeLayout.SinkMac))
            .Concat(node.Wired.SelectMany(a => a.Addresses.Select(address => (Address: address, a.Mac))))
            .Where(w => there.GetValueOrDefault(w.Address) != w.Mac).ToList();
        foreach (var (address, _) in wrong)
        {
            Found($"neighbour {address} of {Bridge}", there.GetValueOrDefault(address) is { } mac ? mac.ToString()
                : "missing");
        }
        node.Route.Commit("repair neighbours", batch =>
        {
            foreach (var (address, mac) in wrong) Neighbours.SetPermanent(batch, node.BridgeIndex, address, mac);
        });
    }

    private void RepairRoutes()
    {
        var there = Routes.Dump(node.Route);
        // The metric is the kernel's choice in IPv6.
        var keys = there.Select(r => r with { Metric = 0 }).ToHashSet();
        var wanted = AddressFamilies.All.SelectMany(f => node.Plan.BaseRoutes(f, node.BridgeIndex))
            .Concat(node.Wired.SelectMany(a => a.Addresses).SelectMany(a => node.Plan.RoutesTo(a, node.BridgeIndex)))
                .ToList();
        var missing = wanted.Where(r => !keys.Contains(r)).ToList();
        var ours = wanted.Where(r => r.Table == NodeLayout.PodTable).ToHashSet();
        var surplus = complete
            ? there.Where(r => r.Table == NodeLayout.PodTable && !ours.Contains(r with { Metric = 0 })).ToList() : [];
        foreach (var route in missing) Found($"route to {route.Destination} in table {route.Table}", "missing");
        foreach (var route in surplus)
            Found($"route to {route.Destination} in table {route.Table}", "there, and not ours");
        node.Route.Commit("repair routes", batch =>
        {
            foreach (var route in surplus) Routes.Delete(batch, route);
            foreach (var route in missing) Routes.Replace(batch, route);
        });
    }

    private void RepairRules()
    {
        foreach (var family in AddressFamilies.All)
        {
            var wanted = node.Plan.RoutingRules(family);
            var there = KernelRules.Dump(node.Route, family);
            var missing = wanted.Where(r => !there.Contains(r)).ToList();
            // A routing rule before ours, also the kernel's own rule for local addresses, would bypass ours.
            var surplus =
                there.Where(r => r.Priority <= wanted[^1].Priority && !wanted.Contains(r) && node.Plan.IsSurplus(r))
                .ToList();
            foreach (var rule in missing) Found($"{family.Text()} routing rule {rule.Priority}", "missing");
            foreach (var rule in surplus) Found($"{family.Text()} routing rule {rule.Priority}", "there, and not ours");
            node.Route.Commit("repair routing rules", batch =>
            {
                foreach (var rule in missing) KernelRules.Add(batch, rule);
                foreach (var rule in surplus) KernelRules.Delete(batch, rule);
            });
        }
    }

    private static string Port(Attachment attachment) => $"port {attachment.Port} of {attachment.EndpointName}";

    private void Found(string what, string found) => repairs.Add(new Repair(what, found));
}
