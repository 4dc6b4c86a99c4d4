using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Policy.Model;
namespace Dataplane.Node.Network;

/// <summary>The namespace that a pod is to have.</summary>
/// <param name="WasThere">It was there before, and interfaces of somebody else's may be in it.</param>
internal readonly record struct PodNetns(Netns Netns, bool WasThere);

/// <summary>What <see cref="PodAttacher"/> is asked for.</summary>
/// <param name="Endpoint">Null for the stranger.</param>
/// <param name="Netns">Makes or opens the namespace.</param>
internal sealed record AttachRequest(PodEndpoint? Endpoint, IPAddress[] Addresses, Func<PodNetns> Netns)
{
    public string? Alias { get; init; }

    /// <summary>The name of the namespace that somebody else has made for it; null: it gets one of ours.</summary>
    public string? ForeignNetns { get; init; }

    /// <summary>The interface number to have; null for any.</summary>
    public int? Number { get; init; }

    /// <summary>Addresses that a pod had a moment ago: routes lead to them, and their neighbour entries are the caller's.</summary>
    public IReadOnlySet<IPAddress> Held { get; init; } = System.Collections.Frozen.FrozenSet<IPAddress>.Empty;
}

/// <summary>
/// Attaches pods: a namespace each, then one batch of requests for all their ports in the node, then one batch in each pod.
/// Routed, on isolated ports: a pod exchanges frames with nobody but the gateway.
/// </summary>
internal static class PodAttacher
{
    /// <summary>So many pods share one request batch: their veth pairs, ports, neighbours and routes fit well into the send buffer.</summary>
    public const int BatchSize = 200;

    private const string InnerName = "eth0";

    public static IReadOnlyList<Attachment> Attach(BridgeNode node, IReadOnlyList<AttachRequest> pods, CancellationToken stop)
    {
        var attached = new List<Attachment>(pods.Count);
        foreach (var chunk in pods.Chunk(BatchSize))
        {
            var fresh = new List<Attachment>(chunk.Length);
            foreach (var request in chunk)
            {
                stop.ThrowIfCancellationRequested();
                var (netns, wasThere) = request.Netns();
                var attachment = New(node, request, netns, wasThere, request.Number ?? node.NextInterface());
                node.Add(attachment);
                if (wasThere) RequireRoom(attachment);
                else Sysctl.Write(attachment.Netns, NodeSysctls.Pod);
                fresh.Add(attachment);
            }
            NodeSide(node, fresh, [.. chunk.SelectMany(r => r.Held)]);
            for (var i = 0; i < fresh.Count; i++)
                if (fresh[i].InnerIndex == 0) fresh[i] = FindInner(node, fresh[i]);
            var inside = fresh.ConvertAll(a => (Attachment: a, Socket: FarSide(node, a)));
            var ports = Carrier.Await(node, [.. fresh.Select(a => a.PortIndex), node.BridgeIndex]);
            for (var i = 0; i < fresh.Count; i++) node.Replace(fresh[i] = fresh[i] with { NamespaceNumber = ports[fresh[i].PortIndex].PeerNamespace });
            Carrier.AwaitAddress(node.Route, node.Options.GatewayIPv6);
            foreach (var (attachment, socket) in inside) Carrier.AwaitAddresses(attachment, socket);
            attached.AddRange(fresh);
        }
        return attached;
    }

    /// <summary>Inside the namespace: addresses, a default route, and the gateway as a permanent neighbour - ARP is never needed.</summary>
    /// <returns>The socket of the namespace that it was done with.</returns>
    public static NetlinkSocket FarSide(BridgeNode node, Attachment attachment)
    {
        var socket = NetlinkSocket.Open(NetlinkProtocol.Route, attachment.Netns);
        socket.Commit($"configure {attachment.Port}", batch =>
        {
            Links.SetUp(batch, Links.Loopback);
            Links.SetUp(batch, attachment.InnerIndex);
            foreach (var address in attachment.Addresses)
            {
                var gateway = node.Gateway(address.AddressFamily);
                Addresses.Add(batch, attachment.InnerIndex, address, NodeLayout.Host(address).PrefixLength);
                Neighbours.SetPermanent(batch, attachment.InnerIndex, gateway, attachment.NextHop);
                Routes.Add(batch, DefaultRoute(gateway, attachment.InnerIndex));
            }
        });
        return socket;
    }

    public static Route DefaultRoute(IPAddress gateway, int innerIndex) =>
        new(Everywhere(gateway.AddressFamily)) { Gateway = gateway, OutInterface = innerIndex, OnLink = true };

    /// <summary>Which routes of the node's lead to a pod's address: the one that only marked packets are shown, and, outside the pod network, one to the sink.</summary>
    public static IEnumerable<Route> RoutesTo(BridgeNode node, IPAddress address)
    {
        var gateway = node.Gateway(address.AddressFamily);
        yield return new Route(NodeLayout.Host(address)) { Table = NodeLayout.PodTable, OutInterface = node.BridgeIndex, PreferredSource = gateway };
        // A requested address outside the pod network needs a way to the sink of its own.
        if (!node.PodNetwork(address.AddressFamily).Contains(address)) yield return NodeBase.ToSink(node, NodeLayout.Host(address), gateway);
    }

    private static Attachment New(BridgeNode node, AttachRequest request, Netns netns, bool wasThere, int number) => new(request.Endpoint, netns,
        NodeLayout.PortName(number), node.PortIndex(number), NodeLayout.FarMac(number), NodeLayout.GatewayMac, request.Addresses)
    {
        Number = number, Alias = request.Alias, ForeignNetns = request.ForeignNetns,
        // Where others were before us any index may be taken: the kernel chooses.
        InnerIndex = wasThere ? 0 : NodeLayout.PodInterface,
    };

    private static void NodeSide(BridgeNode node, List<Attachment> attachments, HashSet<IPAddress> held)
    {
        try
        {
            node.Route.Commit("attach pods", batch => AddPorts(batch, node, attachments));
        }
        finally
        {
            // Those that were made must be found by whoever removes them again.
            node.SettlePorts(attachments);
        }
        node.Route.Commit("attach pods", batch =>
        {
            foreach (var a in attachments)
            {
                Links.SetBridgePort(batch, a.PortIndex, BridgePortFlags.RoutedPod, up: true, a.Alias);
                ForwardingTable.SetStatic(batch, a.PortIndex, a.Mac);
                foreach (var address in a.Addresses)
                {
                    if (held.Contains(address)) continue;
                    Neighbours.SetPermanent(batch, node.BridgeIndex, address, a.Mac);
                    foreach (var route in RoutesTo(node, address)) Routes.Add(batch, route);
                }
            }
        });
    }

    private static void AddPorts(NetlinkWriter batch, BridgeNode node, List<Attachment> attachments)
    {
        foreach (var a in attachments)
            Links.AddVeth(batch, new VethRequest(a.Port, InnerName, a.Netns)
            {
                Index = a.PortIndex, PeerIndex = a.InnerIndex, Master = node.BridgeIndex, Group = node.Shape.PortGroup, PeerMac = a.Mac,
            });
    }

    private static void RequireRoom(Attachment attachment)
    {
        using var inside = NetlinkSocket.Open(NetlinkProtocol.Route, attachment.Netns);
        if (Links.Dump(inside).Any(l => l.Name == InnerName))
            throw new LinuxException($"attach {attachment.Endpoint?.Name} to the network namespace {attachment.Netns}", Errno.EEXIST, $"it has an interface {InnerName} already");
    }

    private static Attachment FindInner(BridgeNode node, Attachment attachment)
    {
        using var inside = NetlinkSocket.Open(NetlinkProtocol.Route, attachment.Netns);
        var found = attachment with { InnerIndex = InnerIndex(inside, attachment.Mac) ?? throw new LinuxException($"find {InnerName} in {attachment.Netns}", Errno.ENODEV) };
        node.Replace(found);
        Sysctl.Write(found.Netns, NodeSysctls.Foreign);
        return found;
    }

    /// <summary>The far end of the port whose MAC address is given; null where it is not in the socket's namespace.</summary>
    public static int? InnerIndex(NetlinkSocket inside, Linux.Frames.MacAddress mac)
    {
        foreach (var link in Links.Dump(inside))
            if (link is { Kind: "veth", Name: InnerName } && link.Mac == mac) return link.Index;
        return null;
    }

    private static IPNetwork Everywhere(AddressFamily family) =>
        new(family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
}
