using System.Net;
using System.Net.Sockets;
using Dataplane.Integration.Closed;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Layout;
using Dataplane.Node.Ports;

namespace Dataplane.Integration.Attacks;

/// <summary>
/// Whose ICMP errors count: those of a connection's ends, and of routers outside for connections that lead there.
/// </summary>
[Collection(AttackCollection.Name)]
public sealed class ErrorTests(AttackLab lab)
{
    private const byte Unreachable4 = 3, TooBig6 = 2;

    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void An_end_of_the_connection_is_heard(AddressFamily family)
    {
        using var socket = PodSocket.Open(lab.Node, lab.Cluster.Pods[2], family, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(lab.Cluster.Pods[3].Address(family)!, 9999);
        socket.Send("anybody?"u8);
        Assert.Equal(SocketError.ConnectionRefused,
            Assert.Throws<SocketException>(() => socket.Receive(new byte[1])).SocketErrorCode);
        ThreadHome.AssertAllHome();
    }

    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void Somebody_outside_is_heard_about_what_leads_outside_and_not_about_two_pods(AddressFamily family)
    {
        var scene = lab.NewScene();
        var outside =
            lab.Attachment((family == AddressFamily.InterNetwork ? WireWatch.External4 : WireWatch.External6).Name);
        using var injector = PacketInjector.Open(outside.Netns, NodeLayout.PodInterface);
        using var socket = PodSocket.Open(lab.Node, lab.Cluster.Pods[4], family, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(scene.Bystander.Address(family), 5555));
        Assert.Equal([scene.Outside.Name, "x/bystander"], lab.Fire(scene, () =>
        {
            // No program listens at that port, so it sends the error itself; it is sent once more from here, with the
            // tag.
            socket.SendTo(scene.Tag, new IPEndPoint(scene.Outside.Address(family), 53));
            lab.Send(injector,
                [Error(outside, scene.Outside, scene.Bystander, Quote(scene.Bystander, scene.Outside, 5555, 53))]);
        }).Select(s => s.Where == outside.Endpoint!.Name ? scene.Outside.Name : s.Where)
            .Distinct().Order(StringComparer.Ordinal));
        Assert.Empty(lab.Fire(scene, () => lab.Send(injector,
        [
            Error(outside, scene.Outside, scene.Live,
                Quote(scene.Live, scene.Friend, Scene.UdpClientPort, Scene.UdpPort)),
            Error(outside, scene.Outside, scene.Friend,
                Quote(scene.Friend, scene.Live, Scene.UdpPort, Scene.UdpClientPort)),
        ])));
        ThreadHome.AssertAllHome();

        byte[] Quote(Party victim, Party other, ushort source, ushort destination) =>
            Craft.Ip(victim.Address(family), other.Address(family), Craft.Udp,
                Craft.UdpTo(victim.Address(family), other.Address(family), source, destination, scene.Tag));
    }

    private static byte[] Error(Attachment sender, Party from, Party to, byte[] quote)
    {
        var isFour = quote[0] >> 4 == 4;
        var family = isFour ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        var (source, destination) = (from.Address(family), to.Address(family));
        return Craft.Frame(sender.NextHop, sender.Mac, isFour ? EtherTypes.IPv4 : EtherTypes.IPv6,
            Craft.Ip(source, destination, isFour ? Craft.Icmp : Craft.Icmpv6,
                Craft.IcmpTo(source, destination, isFour ? Unreachable4 : TooBig6, isFour ? (byte)4 : (byte)0,
                    [0, 0, 5, 0], quote)));
    }
}
