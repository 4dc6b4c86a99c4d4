using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Nflog;
using Dataplane.Node.Verification;
using Dataplane.Planning;
using Dataplane.Rules.Shape;
using Dataplane.Testing.Clusters;

namespace Dataplane.Integration.Closed;

/// <summary>Programs that talk, instead of probes: real sockets in two pods, through the node.</summary>
public sealed class LiveTrafficTests
{
    private const int Patience = PodSocket.Patience;

    [Theory]
    [InlineData(AddressFamily.InterNetwork, ProtocolType.Tcp)]
    [InlineData(AddressFamily.InterNetworkV6, ProtocolType.Tcp)]
    [InlineData(AddressFamily.InterNetwork, ProtocolType.Udp)]
    [InlineData(AddressFamily.InterNetworkV6, ProtocolType.Udp)]
    public void A_tighter_policy_cuts_what_it_denies_and_nothing_else(AddressFamily family, ProtocolType protocol)
    {
        var name = protocol == ProtocolType.Tcp ? "TCP" : "UDP";
        var cluster = Pods($"{name} 80", $"{name} 81").Cluster;
        using var session = NodeSession.Open(cluster, NodeOptions.Default, []);
        using var kept = new Talk(session.Node, cluster.Pods[0], cluster.Pods[1], family, protocol, 80);
        using var cut = new Talk(session.Node, cluster.Pods[0], cluster.Pods[1], family, protocol, 81);
        kept.BothWays();
        cut.BothWays();

        var tighter = Pods($"{name} 80").Cluster;
        session.Programmer.Program(cluster with { NetworkPolicies = tighter.NetworkPolicies });
        using var log = NflogReader.Open(session.Node.Netns, NodeShape.Default.LogGroup);
        // Either end may send first: the client, then the server.
        cut.Client.Send("late"u8);
        AwaitDrop(log, from: cluster.Pods[0].Address(family)!);
        cut.Server.Send("late"u8);
        AwaitDrop(log, from: cluster.Pods[1].Address(family)!);
        kept.BothWays();
        Assert.Equal((0, 0), (cut.Server.Available, cut.Client.Available));

        // Opened again, a flow that was cut continues: its entry was kept. (TCP too, when it retransmits.)
        session.Programmer.Program(cluster);
        if (protocol == ProtocolType.Udp) cut.BothWays();
        kept.BothWays();
        ThreadHome.AssertAllHome();
    }

    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void Datagrams_larger_than_the_link_arrive_whole(AddressFamily family)
    {
        var cluster = Pods("UDP 80").Cluster;
        using var session = NodeSession.Open(cluster, NodeOptions.Default, []);
        using var talk = new Talk(session.Node, cluster.Pods[0], cluster.Pods[1], family, ProtocolType.Udp, 80);
        var large = new byte[4000];
        new Random(1).NextBytes(large);
        talk.Client.Send(large);
        Assert.Equal(large, Talk.Receive(talk.Server));
        talk.Server.Send(large);
        Assert.Equal(large, Talk.Receive(talk.Client));
        ThreadHome.AssertAllHome();
    }

    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void A_ping_larger_than_the_link_is_answered(AddressFamily family)
    {
        var cluster = new Lab().Namespace("x").Pod("x/a", "app=a").Pod("x/b", "app=b")
            .Policy("x/b", "app=b", ingress: [Rule.Peers(Rule.Pods("app=a"))]).Cluster;
        using var session = NodeSession.Open(cluster, NodeOptions.Default, []);
        var isIPv6 = family == AddressFamily.InterNetworkV6;
        using var socket = PodSocket.Open(session, cluster.Pods[0], family, SocketType.Raw,
            isIPv6 ? ProtocolType.IcmpV6 : ProtocolType.Icmp);
        socket.Connect(cluster.Pods[1].Address(family)!, 0);
        var echo = new byte[4008];
        new Random(1).NextBytes(echo);
        // ICMPV6_ECHO_REQUEST, ICMP_ECHO
        (echo[0], echo[1], echo[2], echo[3]) = (isIPv6 ? (byte)128 : (byte)8, 0, 0, 0);
        if (!isIPv6) Checksum(echo); // the kernel writes that of ICMPv6
        socket.Send(echo);
        // An IPv4 raw socket gets the IP header too.
        var answer = new byte[5000];
        var length = socket.Receive(answer);
        var body = answer.AsSpan(isIPv6 ? 0 : 20, length - (isIPv6 ? 0 : 20));
        Assert.Equal(isIPv6 ? 129 : 0, body[0]);
        Assert.True(body[4..].SequenceEqual(echo.AsSpan(4)));
        ThreadHome.AssertAllHome();
    }

    private static Lab Pods(params string[] ports) => new Lab().Namespace("x").Pod("x/a", "app=a").Pod("x/b", "app=b")
        .Policy("x/a", "app=a", egress: [Rule.Of([Rule.Pods("app=b")], ports)])
        .Policy("x/b", "app=b", ingress: [Rule.Of([Rule.Pods("app=a")], ports)]);

    /// <summary>
    /// Our drop log is the event to wait for: a packet that is not there has no time at which it did not come.
    /// </summary>
    private static void AwaitDrop(NflogReader log, IPAddress from)
    {
        for (var seen = false; !seen;)
        {
            Assert.True(log.Receive(TimeSpan.FromMilliseconds(Patience), (scoped in NflogPacket packet) =>
                seen |= IpView.TryParse(packet.Payload, out var ip)
                    && ip.Source.ToIPAddress().Equals(from)) > 0, $"nothing from {from} was dropped");
        }
    }

    private static void Checksum(Span<byte> message)
    {
        uint sum = 0;
        for (var i = 0; i < message.Length; i += 2) sum += (uint)(message[i] << 8 | message[i + 1]);
        while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
        (message[2], message[3]) = ((byte)(~sum >> 8), (byte)~sum);
    }
}
