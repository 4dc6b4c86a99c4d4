using System.Net;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Layout;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Ports.Bridge;

/// <summary>
/// Attaches pods: a namespace each, then one batch of requests for all their ports in the node, then one batch in each
/// pod. Pods are routed, on isolated ports: a pod exchanges frames with the gateway only.
/// </summary>
internal static class PodAttacher
{
    private const string InnerName = "eth0";

    public static IReadOnlyList<Attachment> Attach(
        BridgePorts node, IReadOnlyList<AttachRequest> pods, CancellationToken stop)
    {
        var attached = new List<Attachment>(pods.Count);
        foreach (var chunk in pods.Chunk(NodeCapacity.AttachBatch))
        {
            // One socket in each namespace: to open one is a way there and back for the thread of namespaces.
            var inside = new List<NetlinkSocket>(chunk.Length);
            try
            {
                attached.AddRange(Attach(node, chunk, inside, stop));
            }
            finally
            {
                foreach (var socket in inside) socket.Dispose();
            }
        }
        return attached;
    }

    private static List<Attachment> Attach(
        BridgePorts node, AttachRequest[] chunk, List<NetlinkSocket> inside, CancellationToken stop)
    {
        var fresh = new List<Attachment>(chunk.Length);
        foreach (var request in chunk)
        {
            stop.ThrowIfCancellationRequested();
            var (netns, wasThere) = request.Netns();
            var attachment = New(node, request, netns, wasThere, request.Number ?? node.NextNumber());
            node.Attachments.Add(attachment);
            inside.Add(NetlinkSocket.Open(NetlinkProtocol.Route, netns));
            if (wasThere)
                RequireRoom(node, attachment, inside[^1]);
            else
                Sysctl.Write(netns, NodeSysctls.Pod);
            fresh.Add(attachment);
        }
        NodeSide(node, fresh, [.. chunk.SelectMany(r => r.Held)]);
        for (var i = 0; i < fresh.Count; i++)
            if (fresh[i].InnerIndex.IsNone) fresh[i] = FindInner(node, fresh[i], inside[i]);
        for (var i = 0; i < fresh.Count; i++) FarSide(node, fresh[i], inside[i]);
        var ports = Carrier.Await(node, [.. fresh.Select(a => a.PortIndex), node.BridgeIndex]);
        for (var i = 0; i < fresh.Count; i++)
        {
            fresh[i] = fresh[i] with { NamespaceId = ports[fresh[i].PortIndex].PeerNamespace };
            node.Attachments.Replace(fresh[i]);
        }
        Carrier.AwaitAddress(node.Route, node.Plan.Addresses.GatewayIPv6);
        for (var i = 0; i < fresh.Count; i++) Carrier.AwaitAddresses(fresh[i], inside[i]);
        return fresh;
    }

    /// <summary>
    /// Inside the namespace: addresses, a default route, and the gateway as a permanent neighbour - ARP is never
    /// needed.
    /// </summary>
    /// <param name="inside">An rtnetlink socket of the namespace.</param>
    public static void FarSide(BridgePorts node, Attachment attachment, NetlinkSocket inside) =>
        inside.Commit($"configure {attachment.Port}", batch =>
        {
            Links.SetUp(batch, Links.Loopback);
            if (attachment.Foreign is null) Links.SetAlias(batch, Links.Loopback, PodNames.Made);
            Links.SetUp(batch, attachment.InnerIndex);
            foreach (var address in attachment.Addresses)
            {
                var gateway = node.Plan.Gateway(address.AddressFamily);
                Addresses.Add(batch, attachment.InnerIndex, address, NodeLayout.Host(address).PrefixLength);
                Neighbours.SetPermanent(batch, attachment.InnerIndex, gateway, attachment.NextHop);
                Routes.Add(batch, DefaultRoute(gateway, attachment.InnerIndex));
            }
        });

    public static Route DefaultRoute(IPAddress gateway, InterfaceIndex innerIndex) =>
        new(gateway.AddressFamily.Everywhere())
        {
            Gateway = gateway,
            OutInterface = innerIndex,
            OnLink = true,
        };

    private static Attachment New(
        BridgePorts node, AttachRequest request, Netns netns, bool wasThere, PortNumber number) =>
        new(request.Endpoint, netns, number.Name, node.PortIndex(number), number.FarMac, NodeLayout.GatewayMac,
            request.Addresses)
        {
            Number = number,
            Alias = request.Alias,
            Foreign = request.Foreign,
            // In a namespace with other interfaces any index may be taken: the kernel chooses.
            InnerIndex = wasThere ? InterfaceIndex.None : NodeLayout.PodInterface,
        };

    private static void NodeSide(BridgePorts node, List<Attachment> attachments, HashSet<IPAddress> held)
    {
        try
        {
            node.Route.Commit("attach pods", batch => AddPorts(batch, node, attachments));
        }
        finally
        {
            // Also after a failure: the ports that were made must be found when they are removed again.
            node.SettlePorts(attachments);
        }
        node.Route.Commit("attach pods", batch =>
        {
            foreach (var a in attachments)
            {
                // While the port is down: no frame comes by without it.
                node.Guard.Put(batch, a.PortIndex);
                Links.SetBridgePort(batch, a.PortIndex, BridgePortFlags.RoutedPod, up: true, a.Alias);
                ForwardingTable.SetStatic(batch, a.PortIndex, a.Mac);
                foreach (var address in a.Addresses)
                {
                    if (held.Contains(address)) continue;
                    Neighbours.SetPermanent(batch, node.BridgeIndex, address, a.Mac);
                    foreach (var route in node.Plan.RoutesTo(address, node.BridgeIndex)) Routes.Add(batch, route);
                }
            }
        });
    }

    private static void AddPorts(NetlinkWriter batch, BridgePorts node, List<Attachment> attachments)
    {
        foreach (var a in attachments)
        {
            Links.AddVeth(batch, new VethRequest(a.Port, InnerName, a.Netns)
            {
                Index = a.PortIndex,
                PeerIndex = a.InnerIndex,
                Master = node.BridgeIndex,
                Group = node.Plan.Shape.PortGroup,
                PeerMac = a.Mac,
            });
        }
    }

    /// <summary>A pod's network is no node's, not this machine's, and no other pod's.</summary>
    private static void RequireRoom(BridgePorts node, Attachment attachment, NetlinkSocket inside)
    {
        var links = Links.Dump(inside);
        if (attachment.Foreign is { } foreign)
        {
            if (links.Any(l => l.Name == node.Plan.Shape.Bridge)) throw Refusal("it is the network of a node");
            if (attachment.Netns.IsCurrent()) throw Refusal("it is this machine's own network");
            if (foreign.Name is { } name && PodNames.IsOf(node.Plan.Name, name))
                throw Refusal($"names that begin with {node.Plan.Name}{PodNames.Joint} are for the node's own pods");
        }
        if (links.Any(l => l.Name == InnerName)) throw Refusal($"it has an interface {InnerName} already");

        LinuxException Refusal(string why) => new(
            $"attach {attachment.Endpoint?.Name} to the network namespace {attachment.Netns}", Errno.EEXIST, why);
    }

    private static Attachment FindInner(BridgePorts node, Attachment attachment, NetlinkSocket inside)
    {
        var index = InnerIndex(inside, attachment.Mac)
            ?? throw new LinuxException($"find {InnerName} in {attachment.Netns}", Errno.ENODEV);
        var found = attachment with { InnerIndex = index };
        node.Attachments.Replace(found);
        Sysctl.Write(found.Netns, NodeSysctls.Foreign);
        return found;
    }

    /// <summary>
    /// The interface index of the far end with this MAC address; null: it is not in the socket's namespace.
    /// </summary>
    public static InterfaceIndex? InnerIndex(NetlinkSocket inside, MacAddress mac)
    {
        foreach (var link in Links.Dump(inside))
            if (link is { Kind: "veth", Name: InnerName } && link.Mac == mac) return link.Index;
        return null;
    }
}
