using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using RoutingRules = Dataplane.Linux.Rtnetlink.Rules;

namespace Dataplane.Integration.Linux;

public sealed class PodAttachTests
{
    private static readonly InterfaceIndex Bridge = new(10), Port = new(11), Eth0 = new(2);
    private static readonly MacAddress GatewayMac = MacAddress.Parse("02:00:00:00:00:01"),
        PodMac = MacAddress.Parse("02:00:00:00:01:02");
    private static readonly IPAddress Gateway4 = IPAddress.Parse("10.244.0.1"),
        Gateway6 = IPAddress.Parse("fd00:10:244::1");
    private static readonly IPAddress Pod4 = IPAddress.Parse("10.244.0.2"), Pod6 = IPAddress.Parse("fd00:10:244::2");

    [Fact]
    public void A_pod_is_attached_with_two_sends()
    {
        using var node = Netns.CreateAnonymous();
        using var pod = Netns.CreateAnonymous();
        using var inNode = NetlinkSocket.Open(NetlinkProtocol.Route, node);
        using var inPod = NetlinkSocket.Open(NetlinkProtocol.Route, pod);
        AddBridge(inNode);

        inNode.Commit("attach in the node", w =>
        {
            Links.AddVeth(w, new VethRequest("pod2", "eth0", pod)
            {
                Index = Port, PeerIndex = Eth0, Master = Bridge, Group = 244, Mtu = 1400, PeerMac = PodMac,
            });
            Links.SetBridgePort(w, Port, BridgePortFlags.RoutedPod, up: true);
            ForwardingTable.SetStatic(w, Port, PodMac);
            foreach (var (address, gateway) in new[] { (Pod4, Gateway4), (Pod6, Gateway6) })
            {
                Neighbours.SetPermanent(w, Bridge, address, PodMac);
                Routes.Add(w,
                    new Route(Host(address)) { OutInterface = Bridge, PreferredSource = gateway, Table = 1000 });
            }
        });
        inPod.Commit("attach in the pod", w =>
        {
            Links.SetUp(w, Links.Loopback);
            Links.SetUp(w, Eth0);
            foreach (var (address, gateway) in new[] { (Pod4, Gateway4), (Pod6, Gateway6) })
            {
                Addresses.Add(w, Eth0, address, Host(address).PrefixLength);
                Neighbours.SetPermanent(w, Eth0, gateway, GatewayMac);
                Routes.Add(w, new Route(Default(address)) { Gateway = gateway, OutInterface = Eth0, OnLink = true });
            }
        });

        var port = Assert.Single(Links.Dump(inNode), l => l.Index == Port);
        Assert.Equal(("pod2", "veth", Bridge, 244u, 1400u, true),
            (port.Name, port.Kind, port.Master, port.Group, port.Mtu, port.Up));
        Assert.Equal(BridgePortFlags.RoutedPod, port.Port);
        var eth0 = Assert.Single(Links.Dump(inPod), l => l.Name == "eth0");
        Assert.Equal((Eth0, (MacAddress?)PodMac, 1400u, true), (eth0.Index, eth0.Mac, eth0.Mtu, eth0.Up));
        Assert.Contains(ForwardingTable.Dump(inNode),
            e => e.Port == Port && e.Master == Bridge && e.Static && e.Mac == PodMac);
        Assert.Contains(Neighbours.Dump(inNode),
            n => n.Address.Equals(Pod6) && n.Index == Bridge && n.Permanent && n.Mac == PodMac);
        Assert.Contains(Addresses.Dump(inPod), a => a == new AddressInfo(Eth0, Pod6, 128));
        Assert.Contains(Addresses.Dump(inPod, AddressFamily.InterNetwork), a => a == new AddressInfo(Eth0, Pod4, 32));
        Assert.Contains(Routes.Dump(inNode, AddressFamily.InterNetwork), r => r.Destination == Host(Pod4)
            && r.Table == 1000 && r.OutInterface == Bridge && Gateway4.Equals(r.PreferredSource));
        Assert.Contains(Routes.Dump(inPod, AddressFamily.InterNetworkV6), r => r.Destination == Default(Pod6)
            && r.OnLink && r.OutInterface == Eth0 && Gateway6.Equals(r.Gateway));

        inNode.Commit("detach", w => Links.DeleteGroup(w, 244));
        Assert.DoesNotContain(Links.Dump(inPod), l => l.Name == "eth0");
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public void Closed_routes_and_rules_of_both_families()
    {
        using var node = Netns.CreateAnonymous();
        using var socket = NetlinkSocket.Open(NetlinkProtocol.Route, node);
        socket.Commit("loopback", w => Links.SetUp(w, Links.Loopback));
        foreach (var (family, network) in new[]
        {
            (AddressFamily.InterNetwork, "10.244.0.0/16"), (AddressFamily.InterNetworkV6, "fd00:10:244::/64"),
        })
        {
            var prohibit =
                new Rule(family, 100) { Action = RuleAction.Prohibit, InInterface = "dp0", Mark = 0, Mask = 0xff00 };
            var lookup = new Rule(family, 101) { Table = 1000, Mark = 0x100, Mask = 0xff00 };
            var unreachable = new Route(IPNetwork.Parse(network)) { Type = RouteType.Unreachable };
            var closed = new Route(IPNetwork.Parse(network)) { Type = RouteType.Prohibit, Table = 1000 };
            socket.Commit("close", w =>
            {
                RoutingRules.Add(w, prohibit);
                RoutingRules.Add(w, lookup);
                Routes.Add(w, unreachable);
                Routes.Replace(w, closed);
            });
            Assert.Contains(prohibit, RoutingRules.Dump(socket, family));
            Assert.Contains(lookup, RoutingRules.Dump(socket, family));
            Assert.Contains(Routes.Dump(socket, family),
                r => r.Destination == unreachable.Destination
                    && r is { Type: RouteType.Unreachable, Table: Route.MainTable });
            Assert.Contains(Routes.Dump(socket, family),
                r => r.Destination == closed.Destination && r is { Type: RouteType.Prohibit, Table: 1000 });

            socket.Commit("open", w =>
            {
                RoutingRules.Delete(w, prohibit);
                RoutingRules.Delete(w, lookup);
                Routes.Delete(w, unreachable);
                Routes.Delete(w, closed);
            });
            Assert.DoesNotContain(RoutingRules.Dump(socket, family), r => r.Priority is 100 or 101);
            Assert.DoesNotContain(Routes.Dump(socket, family),
                r => r.Destination == closed.Destination && r.Type is RouteType.Prohibit or RouteType.Unreachable);
        }

        ThreadHome.AssertAllHome();
    }

    [Fact]
    public void A_batch_reports_every_refused_message_in_the_kernels_words()
    {
        using var node = Netns.CreateAnonymous();
        using var socket = NetlinkSocket.Open(NetlinkProtocol.Route, node);
        AddBridge(socket);
        using var batch = socket.NewBatch();
        Links.SetUp(batch, new(4711));
        Links.SetUp(batch, Links.Loopback);
        Routes.Add(batch, new Route(IPNetwork.Parse("0.0.0.0/0"))
        {
            Gateway = IPAddress.Parse("192.0.2.1"), OutInterface = Links.Loopback,
        });
        var result = socket.Send(batch);
        Assert.Equal(1, result.Acknowledged);
        Assert.Equal([batch.FirstSequence, batch.FirstSequence + 2], result.Errors.Select(e => e.Sequence));
        Assert.Equal(Errno.ENODEV, result.Errors[0].ErrorNumber);
        Assert.Equal("Nexthop has invalid gateway", result.Errors[1].Message);

        var refused = Assert.Throws<LinuxException>(() => AddBridge(socket));
        Assert.Equal(Errno.EEXIST, refused.ErrorNumber);
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public void A_group_announces_new_links()
    {
        const int RTNLGRP_LINK = 1;
        using var node = Netns.CreateAnonymous();
        using var listener = NetlinkSocket.Open(NetlinkProtocol.Route, node);
        using var socket = NetlinkSocket.Open(NetlinkProtocol.Route, node);
        listener.Join(RTNLGRP_LINK);
        Assert.Equal(ReceiveStatus.TimedOut, listener.Receive(TimeSpan.Zero, out _));
        AddBridge(socket);
        Assert.Equal(ReceiveStatus.Datagram, listener.Receive(TimeSpan.FromSeconds(10), out var datagram));
        var messages = new MessageReader(datagram);
        Assert.True(messages.Read());
        Assert.Equal("dp0", Links.Parse(messages.Body).Name);
        ThreadHome.AssertAllHome();
    }

    private static void AddBridge(NetlinkSocket socket) => socket.Commit("add the bridge", w =>
    {
        Links.AddBridge(w, new BridgeRequest("dp0", GatewayMac, Bridge, Up: true));
        Addresses.Add(w, Bridge, Gateway4, 32);
        Addresses.Add(w, Bridge, Gateway6, 128);
    });

    private static IPNetwork Host(IPAddress address) =>
        new(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);

    private static IPNetwork Default(IPAddress family) =>
        IPNetwork.Parse(family.AddressFamily == AddressFamily.InterNetwork ? "0.0.0.0/0" : "::/0");
}
