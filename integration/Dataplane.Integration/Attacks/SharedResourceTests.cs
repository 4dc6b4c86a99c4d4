using System.Buffers.Binary;
using System.Net.Sockets;
using Dataplane.Integration.Closed;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Conntrack;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Node.Layout;
using Dataplane.Node.Ports.Bridge;
using Dataplane.Node.Programming;
using Dataplane.Planning;
using Dataplane.Policy.Model;
using Dataplane.Rules.Shape;
using Dataplane.Testing.Clusters;

namespace Dataplane.Integration.Attacks;

/// <summary>
/// One pod floods, on the CPU of its victims, what pods share in the kernel; the others lose nothing: their connections
/// go on, they open new ones, and the node answers them with the errors that they need. What the flood leaves behind is
/// bounded.
/// </summary>
public sealed class SharedResourceTests : IDisposable
{
    private const int MostConnections = 1000, Rounds = 60, NodePort = 7;

    /// <summary>The MTU of the IPv6 route to the closed pod, as that of a tunnel might be: the least.</summary>
    private const int NarrowRoute = 1280;

    private static readonly Cluster Cluster = new Lab().Namespace("x")
        .Pod("x/flood").Pod("x/victim").Pod("x/open").Pod("x/closed", "app=closed")
        .Policy("x/closed", "app=closed", ingress: []).Cluster;

    private readonly PrivateNode _node = PrivateNode.Create(NodeOptions.Default);
    private readonly RulesetProgrammer _programmer;
    private readonly PacketInjector _flood, _victim;
    private readonly PacketRing _open, _errors;
    private readonly Party[] _pods;

    public SharedResourceTests()
    {
        var pods = _node.AttachPods(Cluster.Pods);
        _programmer = new RulesetProgrammer(_node,
            NodeShape.Default with { LoggedDropsPerSecond = 100, ConnectionsPerPod = MostConnections });
        _programmer.Program(Cluster);
        _pods = [.. Cluster.Pods.Select((p, i) => new Party(p.Name, pods[i].Mac, p.IPv4!, p.IPv6!))];
        _flood = PacketInjector.Open(pods[0].Netns, NodeLayout.PodInterface);
        _victim = PacketInjector.Open(pods[1].Netns, NodeLayout.PodInterface);
        _open = Ring(pods[2].Netns);
        _errors = Ring(pods[1].Netns);
        InNetns.Exec(_node.Netns, "ip",
            $"-6 route change {_pods[3].IPv6} dev dp0 table {NodeLayout.PodTable} mtu lock {NarrowRoute}");
    }

    public static TheoryData<string, AddressFamily> Matrix =>
        new MatrixTheoryData<string, AddressFamily>(Flood.All.Keys, [.. AddressFamilies.All]);

    [Theory]
    [MemberData(nameof(Matrix))]
    public void The_others_lose_nothing(string name, AddressFamily family)
    {
        using var talks = new Talks(_node, family);
        var before = Whereabouts.Of(_node);
        var exceptions = Exceptions();
        using (new Flooding(_flood, Flood.All[name], _pods[0], _pods[2], family))
        {
            using var pinned = CpuPinning.PinCurrentThread(CpuPinning.Allowed()[0]);
            for (var round = 0; round < Rounds; round++)
            {
                talks.BothWays();
                AssertArrives(round, family);
            }
            // As many as the kernel sends to one destination at once (icmp_ratelimit, XRLIM_BURST_FACTOR). In IPv6
            // every packet that is forwarded to the victim takes from the same tokens (the redirects of ip6_forward),
            // also without a flood; "packet too big", without which a connection stands still, is not limited there.
            for (var error = 0; error < 5; error++)
            {
                if (family == AddressFamily.InterNetwork) AssertToldOfTheEnd(error);
                else AssertToldOfTheSize(error);
            }
            // A program of the node listens; the flood does not reach it, or it would have to defend itself.
            using var late = new Talk(PodSocket.NetnsOf(_node, Cluster.Pods[1]), Cluster.Pods[1].Address(family)!,
                _node.Netns, Flood.Gateway(family), ProtocolType.Tcp, NodePort);
            late.BothWays();
        }
        Assert.Equal(before, Whereabouts.Of(_node));
        AssertBounded(name, family, exceptions);
        ThreadHome.AssertAllHome();
    }

    public void Dispose()
    {
        _open.Dispose();
        _errors.Dispose();
        _flood.Dispose();
        _victim.Dispose();
        _programmer.Dispose();
        _node.Dispose();
    }

    private static PacketRing Ring(Netns netns) => PacketRing.Open(netns,
        CaptureFilter.Build(256, CaptureDirection.Incoming), NodeLayout.PodInterface, frameCount: 8192,
        snapLength: 256);

    /// <summary>A new connection of the victim's: its first packet is captured at the open pod.</summary>
    private void AssertArrives(int round, AddressFamily family)
    {
        var tag = BitConverter.GetBytes(0x5649_4354_0000_0000 + round);
        var (from, to) = (_pods[1].Address(family), _pods[2].Address(family));
        SendOne(Craft.Ip(from, to, Craft.Udp, Craft.UdpTo(from, to, (ushort)(20_000 + round), 900, tag)));
        Await(_open, tag, $"new connection {round}");
    }

    /// <summary>The node tells the victim that a packet's hop limit has ended, and quotes it.</summary>
    private void AssertToldOfTheEnd(int number)
    {
        var (from, to) = (_pods[1].IPv4, _pods[2].IPv4);
        AwaitError(number, port => Craft.Ip4(from, to, Craft.Udp, Craft.UdpTo(from, to, port, 901, []), ttl: 1));
    }

    /// <summary>The node tells the victim that a packet is larger than its route takes, and quotes it.</summary>
    private void AssertToldOfTheSize(int number)
    {
        var (from, to) = (_pods[1].IPv6, _pods[3].IPv6);
        AwaitError(number,
            port => Craft.Ip6(from, to, Craft.Udp, Craft.UdpTo(from, to, port, 901, new byte[NarrowRoute])));
    }

    private void AwaitError(int number, Func<ushort, byte[]> packet)
    {
        var port = (ushort)(30_000 + number);
        SendOne(packet(port));
        var quoted = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(quoted, port);
        Await(_errors, quoted, $"the node's error {number}", isError: true);
    }

    private void SendOne(byte[] packet)
    {
        using var batch = new FrameBatch(1, 1514);
        var frame = Craft.Frame(NodeLayout.GatewayMac, _pods[1].Mac,
            packet[0] >> 4 == 4 ? EtherTypes.IPv4 : EtherTypes.IPv6, packet);
        frame.CopyTo(batch.Next());
        batch.Commit(frame.Length);
        _victim.Send(batch);
    }

    private static void Await(PacketRing ring, byte[] tag, string what, bool isError = false)
    {
        while (true)
        {
            if (!ring.TryRead(out var frame))
            {
                Assert.True(ring.Wait(PodSocket.Patience), $"{what} did not come");
                continue;
            }
            if (frame.Data.IndexOf(tag) >= 0 && (!isError || IsError(frame.Data))) return;
        }
    }

    private static bool IsError(ReadOnlySpan<byte> frame) =>
        EthernetView.TryParse(frame, out var ethernet) && IpView.TryParse(ethernet.Payload, out var ip)
        && ((ip.Protocol is IpProtocol.Icmp && ip.Transport[0] is 11) // time exceeded
            || (ip.Protocol is IpProtocol.Icmpv6 && ip.Transport[0] is 2)); // packet too big

    private string[] Exceptions() =>
    [
        .. new[] { "-4", "-6" }.SelectMany(family => InNetns.Exec(_node.Netns, "ip", $"{family} route show cache")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)),
    ];

    private void AssertBounded(string name, AddressFamily family, string[] exceptions)
    {
        using var conntrack = NetlinkSocket.Open(NetlinkProtocol.Netfilter, _node.Netns);
        // Of route exceptions, none but about the flooding pod itself.
        Assert.DoesNotContain(Exceptions().Except(exceptions), line => line.Length > 0 && line[0] is not ('\t' or ' ')
            && !line.StartsWith(_pods[0].Address(family).ToString(), StringComparison.Ordinal));
        Assert.InRange(ConntrackTable.Dump(conntrack, family)
            .Count(e => e.Original.Source.Equals(_pods[0].Address(family))), 0, 2 * MostConnections);
        Assert.Equal("", InNetns.Exec(_node.Netns, "conntrack", "-L expect"));
        Assert.Equal("", InNetns.Exec(_node.Netns, "bridge", "mdb show dev dp0"));
        // Elements that rules add: for pods and ports that exist, whatever the packets say.
        var elements = InNetns.Exec(_node.Netns, "nft", "-j list ruleset");
        using var listed = System.Text.Json.JsonDocument.Parse(elements);
        foreach (var item in listed.RootElement.GetProperty("nftables").EnumerateArray())
        {
            if (!item.TryGetProperty("set", out var set) || !set.TryGetProperty("flags", out var flags)
                || !flags.ToString().Contains("dynamic", StringComparison.Ordinal)
                || !set.TryGetProperty("elem", out var elem))
            {
                continue;
            }
            Assert.True(elem.GetArrayLength() <= Cluster.Pods.Count + 1, $"{name}: {set}");
        }
    }

    /// <summary>Of the victim, with an open pod: TCP and UDP.</summary>
    private sealed class Talks(PrivateNode node, AddressFamily family) : IDisposable
    {
        private readonly Talk _tcp = new(node, Cluster.Pods[1], Cluster.Pods[2], family, ProtocolType.Tcp, 80),
            _udp = new(node, Cluster.Pods[1], Cluster.Pods[2], family, ProtocolType.Udp, 81);

        public void BothWays()
        {
            _tcp.BothWays();
            _udp.BothWays();
        }

        public void Dispose()
        {
            _tcp.Dispose();
            _udp.Dispose();
        }
    }
}
