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
    private const int MostConnections = 1000, Batch = 100, Rounds = 60, NodePort = 7;

    private static readonly Cluster Cluster = new Lab().Namespace("x")
        .Pod("x/flood").Pod("x/victim").Pod("x/open").Pod("x/closed", "app=closed")
        .Policy("x/closed", "app=closed", ingress: []).Cluster;

    private readonly PrivateNode _node = PrivateNode.Create(NodeOptions.Default);
    private readonly RulesetProgrammer _programmer;
    private readonly PacketInjector _flood, _victim;
    private readonly PacketRing _open, _errors;
    private readonly FrameBatch _frames = new(Batch, 1514);
    private readonly Party[] _pods;
    private uint _sent;

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
        using (new Flooding(() => Send(_flood, Flood.All[name], family)))
        {
            using var pinned = CpuPinning.PinCurrentThread(CpuPinning.Allowed()[0]);
            for (var round = 0; round < Rounds; round++)
            {
                talks.BothWays();
                AssertArrives(round, family);
            }
            // As many as the kernel sends to one destination at once (icmp_ratelimit, XRLIM_BURST_FACTOR). In IPv6
            // every packet that is forwarded to the victim takes from the same tokens (the redirects of ip6_forward),
            // also without a flood; there "packet too big", which matters, is not limited.
            for (var error = 0; error < 5 && family == AddressFamily.InterNetwork; error++)
                AssertToldOfTheEnd(error, family);
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
        _frames.Dispose();
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

    private void Send(PacketInjector injector, Flood flood, AddressFamily family)
    {
        _frames.Clear();
        for (var i = 0; i < Batch; i++)
        {
            var frame = flood.Frame(++_sent, _pods[0], _pods[2], family);
            frame.CopyTo(_frames.Next());
            _frames.Commit(frame.Length);
        }
        injector.Send(_frames);
    }

    /// <summary>A new connection of the victim's: its first packet is captured at the open pod.</summary>
    private void AssertArrives(int round, AddressFamily family)
    {
        var tag = BitConverter.GetBytes(0x5649_4354_0000_0000 + round);
        var (from, to) = (_pods[1].Address(family), _pods[2].Address(family));
        SendOne(Craft.Ip(from, to, Craft.Udp, Craft.UdpTo(from, to, (ushort)(20_000 + round), 900, tag)));
        Await(_open, tag, $"new connection {round}");
    }

    /// <summary>The node tells the victim that a packet's hop limit has ended, and quotes it.</summary>
    private void AssertToldOfTheEnd(int number, AddressFamily family)
    {
        var tag = BitConverter.GetBytes(0x4552_524f_0000_0000 + number);
        var (from, to) = (_pods[1].Address(family), _pods[2].Address(family));
        var udp = Craft.UdpTo(from, to, (ushort)(30_000 + number), 901, tag);
        SendOne(from.IsFour() ? Craft.Ip4(from, to, Craft.Udp, udp, ttl: 1) : Craft.Ip6(from, to, Craft.Udp, udp, 1));
        var port = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(port, (ushort)(30_000 + number));
        Await(_errors, port, $"the node's error {number}", isError: true);
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
        && ip.Protocol is IpProtocol.Icmp or IpProtocol.Icmpv6 && ip.Transport[0] is 11 or 3;

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

    /// <summary>Sends without a pause, on the CPU of the victims, until it is disposed.</summary>
    private sealed class Flooding : IDisposable
    {
        private readonly Thread _thread;
        private volatile bool _stopping;
        private Exception? _failure;

        public Flooding(Action send)
        {
            using var began = new ManualResetEventSlim();
            _thread = new Thread(() =>
            {
                try
                {
                    using var pinned = CpuPinning.PinCurrentThread(CpuPinning.Allowed()[0]);
                    for (send(), began.Set(); !_stopping; send())
                    {
                    }
                }
                catch (Exception e)
                {
                    _failure = e;
                    began.Set();
                }
            });
            _thread.Start();
            began.Wait();
        }

        public void Dispose()
        {
            _stopping = true;
            _thread.Join();
            Assert.Null(_failure);
        }
    }
}
