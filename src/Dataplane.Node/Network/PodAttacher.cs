using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Policy;
using Dataplane.Rules.Nftables;

namespace Dataplane.Node.Network;

/// <summary>
/// Attaches pods: a namespace each, then one batch of requests for all their ports in the node, then one batch in each pod.
/// Routed, on isolated ports: a pod exchanges frames with nobody but the gateway.
/// </summary>
internal static class PodAttacher
{
    /// <summary>So many pods share one request batch: their veth pairs, ports, neighbours and routes fit well into the send buffer.</summary>
    public const int BatchSize = 200;

    public static IReadOnlyList<Attachment> Attach(PrivateNode node, IReadOnlyList<(Endpoint? Endpoint, IPAddress[] Addresses)> pods, CancellationToken stop)
    {
        var attached = new List<Attachment>(pods.Count);
        foreach (var chunk in pods.Chunk(BatchSize))
        {
            var fresh = new List<Attachment>(chunk.Length);
            foreach (var (endpoint, addresses) in chunk)
            {
                stop.ThrowIfCancellationRequested();
                var number = node.NextInterface();
                var attachment = new Attachment(endpoint, Netns.CreateAnonymous(), NodeLayout.PortName(number), NodeLayout.PortIndex(number),
                    NodeLayout.FarMac(number), NodeLayout.GatewayMac, addresses);
                node.Add(attachment);
                Sysctl.Write(attachment.Netns, NodeSysctls.Pod);
                fresh.Add(attachment);
            }
            NodeSide(node, fresh);
            var inside = fresh.ConvertAll(a => (Attachment: a, Socket: FarSide(node, a)));
            Carrier.Await(node, [.. fresh.Select(a => a.PortIndex), NodeLayout.BridgeIndex]);
            Carrier.AwaitAddress(node.Route, node.Options.GatewayIPv6);
            foreach (var (attachment, socket) in inside) Carrier.AwaitAddresses(attachment, socket);
            attached.AddRange(fresh);
        }
        return attached;
    }

    /// <summary>Inside the namespace: addresses, a default route, and the gateway as a permanent neighbour - ARP is never needed.</summary>
    /// <returns>The socket of the namespace that it was done with.</returns>
    public static NetlinkSocket FarSide(PrivateNode node, Attachment attachment)
    {
        var socket = NetlinkSocket.Open(NetlinkProtocol.Route, attachment.Netns);
        socket.Commit($"configure {attachment.Port}", (ref batch) =>
        {
            Links.SetUp(ref batch, Links.Loopback);
            Links.SetUp(ref batch, NodeLayout.PodInterface);
            foreach (var address in attachment.Addresses)
            {
                var gateway = node.Gateway(address.AddressFamily);
                Addresses.Add(ref batch, NodeLayout.PodInterface, address, NodeLayout.Host(address).PrefixLength);
                Neighbours.SetPermanent(ref batch, NodeLayout.PodInterface, gateway, attachment.NextHop);
                Routes.Add(ref batch, new Route(Everywhere(address.AddressFamily)) { Gateway = gateway, OutInterface = NodeLayout.PodInterface, OnLink = true });
            }
        });
        return socket;
    }

    private static void NodeSide(PrivateNode node, List<Attachment> attachments) =>
        node.Route.Commit("attach pods", (ref batch) =>
        {
            foreach (var a in attachments)
            {
                Links.AddVeth(ref batch, new VethRequest(a.Port, "eth0", a.Netns)
                {
                    Index = a.PortIndex, PeerIndex = NodeLayout.PodInterface, Master = NodeLayout.BridgeIndex,
                    Group = NodeShape.Default.PortGroup, PeerMac = a.Mac,
                });
                Links.SetBridgePort(ref batch, a.PortIndex, BridgePortFlags.RoutedPod, up: true);
                ForwardingTable.SetStatic(ref batch, a.PortIndex, a.Mac);
                foreach (var address in a.Addresses) Reach(ref batch, node, address, a.Mac);
            }
        });

    private static void Reach(ref NetlinkWriter batch, PrivateNode node, IPAddress address, MacAddress mac)
    {
        var gateway = node.Gateway(address.AddressFamily);
        var network = address.AddressFamily == AddressFamily.InterNetwork ? node.Options.PodNetworkIPv4 : node.Options.PodNetworkIPv6;
        Neighbours.SetPermanent(ref batch, NodeLayout.BridgeIndex, address, mac);
        Routes.Add(ref batch, new Route(NodeLayout.Host(address)) { Table = NodeLayout.PodTable, OutInterface = NodeLayout.BridgeIndex, PreferredSource = gateway });
        // A requested address outside the pod network needs a way to the sink of its own.
        if (!network.Contains(address)) Routes.Add(ref batch, NodeBase.ToSink(NodeLayout.Host(address), gateway));
    }

    private static IPNetwork Everywhere(AddressFamily family) =>
        new(family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
}
