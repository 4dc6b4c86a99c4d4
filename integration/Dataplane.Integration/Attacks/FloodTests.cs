using System.Net.Sockets;
using System.Text.RegularExpressions;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Conntrack;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Nflog;
using Dataplane.Node.Layout;
using Dataplane.Node.Ports.Bridge;
using Dataplane.Node.Programming;
using Dataplane.Planning;
using Dataplane.Policy.Model;
using Dataplane.Rules.Shape;
using Dataplane.Testing.Clusters;

namespace Dataplane.Integration.Attacks;

/// <summary>
/// One pod floods, another one goes about its business: nothing of the other's is lost, neither connections nor log
/// entries.
/// </summary>
public sealed class FloodTests : IDisposable
{
    private const int LoggedPerSecond = 100, MostConnections = 1000, Batch = 400;
    private static readonly Cluster Cluster = new Lab().Namespace("x").Pod("x/flood")
        .Pod("x/quiet").Pod("x/closed", "app=closed").Pod("x/open")
        .Policy("x/closed", "app=closed", ingress: []).Cluster;

    private readonly PrivateNode _node = PrivateNode.Create(NodeOptions.Default);
    private readonly RulesetProgrammer _programmer;
    private readonly PacketInjector _flood, _quiet;
    private readonly PacketRing _open;
    private readonly NflogReader _log;
    private readonly FrameBatch _frames = new(Batch);
    private readonly Dictionary<string, int> _entries = [];
    private readonly HashSet<uint> _logged = [], _arrived = [];
    private uint _id;

    public FloodTests()
    {
        var pods = _node.AttachPods(Cluster.Pods);
        _programmer = new RulesetProgrammer(_node,
            NodeShape.Default with { LoggedDropsPerSecond = LoggedPerSecond, ConnectionsPerPod = MostConnections });
        _programmer.Program(Cluster);
        _flood = PacketInjector.Open(pods[0].Netns, NodeLayout.PodInterface);
        _quiet = PacketInjector.Open(pods[1].Netns, NodeLayout.PodInterface);
        _open = PacketRing.Open(pods[3].Netns, CaptureFilter.Build(ProbeFrame.SnapLength, CaptureDirection.Incoming),
            NodeLayout.PodInterface);
        _log = NflogReader.Open(_node.Netns, NodeShape.Default.LogGroup);
    }

    [Theory]
    [InlineData(AddressFamily.InterNetwork, "ingress", "inet")]
    [InlineData(AddressFamily.InterNetworkV6, "ingress", "inet")]
    [InlineData(AddressFamily.InterNetwork, "spoof", "bridge")]
    [InlineData(AddressFamily.InterNetworkV6, "spoof", "bridge")]
    public void Denied_packets(AddressFamily family, string reason, string table)
    {
        const int many = 100_000, pieces = 20;
        // What the bridge drops has somebody else's address: the other one's, to hide among its entries.
        var claims = reason == "spoof" ? 1 : 0;
        using var pinned = CpuPinning.PinCurrentThread();
        var (denied, allowed) = (new List<uint>(), new List<uint>());
        for (var piece = 0; piece < pieces; piece++)
        {
            Send(_flood, 0, claims, 2, family, many / pieces);
            denied.AddRange(Send(_quiet, 1, reason == "spoof" ? 0 : 1, 2, family, 2));
            allowed.AddRange(Send(_quiet, 1, 1, 3, family, 2));
            ReadLog();
        }
        AwaitLog(denied[^1]);
        ReadArrivals();
        Assert.Empty(denied.Except(_logged));
        Assert.Empty(allowed.Except(_arrived));
        Assert.Equal((0L, 0L), (_log.Lost, _log.Overruns));

        var (all, logged) = Counters(table, "drop_" + reason) switch
        {
            [var a, var b] => (a, b),
            var other => throw new InvalidOperationException($"{other.Count} counters"),
        };
        Assert.Equal(many + denied.Count, all);
        Assert.Equal(_entries[reason], logged);
        Assert.Equal(all, logged + Counters(table, "log_limit").Sum());
        Assert.True(logged < many / 10, $"{logged} of {all} were logged");
        ThreadHome.AssertAllHome();
    }

    /// <summary>While a verification is on, every packet has its entry; and afterwards not.</summary>
    [Fact]
    public void The_limit_is_lifted_and_put_back()
    {
        using var pinned = CpuPinning.PinCurrentThread();
        _programmer.LogEverything(true);
        _programmer.LogEverything(true);
        var ids = Send(_flood, 0, 0, 2, AddressFamily.InterNetwork, 2 * Batch)
            .Concat(Send(_flood, 0, 1, 2, AddressFamily.InterNetworkV6, 2 * Batch))
            .ToList();
        AwaitLog(ids[^1]);
        Assert.Empty(ids.Except(_logged));
        _programmer.LogEverything(false);
        _programmer.LogEverything(false);
        var more = Send(_flood, 0, 0, 2, AddressFamily.InterNetwork, 2 * Batch);
        AwaitLog(Send(_quiet, 1, 1, 2, AddressFamily.InterNetwork, 1)[0]);
        Assert.NotEmpty(more.Except(_logged));
        ThreadHome.AssertAllHome();
    }

    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void Connections(AddressFamily family)
    {
        const int many = 50_000, pieces = 25;
        using var pinned = CpuPinning.PinCurrentThread();
        using var conntrack = NetlinkSocket.Open(NetlinkProtocol.Netfilter, _node.Netns);
        var allowed = new List<uint>();
        for (var piece = 0; piece < pieces; piece++)
        {
            Send(_flood, 0, 0, 3, family, many / pieces);
            allowed.AddRange(Send(_quiet, 1, 1, 3, family, 4));
            ReadLog();
            ReadArrivals();
        }
        AwaitLog(Send(_quiet, 1, 1, 2, family, 1)[0]);
        ReadArrivals();
        Assert.Empty(allowed.Except(_arrived));
        var entries = ConntrackTable.Dump(conntrack, family)
            .Count(e => e.Original.Source.Equals(Cluster.Pods[0].Address(family)));
        // Counted by samples, one in three.
        Assert.InRange(entries, MostConnections / 2, MostConnections * 2);
        var (all, suppressed, logged) = Counters("inet", "drop_too_many_connections") switch
        {
            [var a, var b, var c, var d] => (a, b + c, d),
            var other => throw new InvalidOperationException($"{other.Count} counters"),
        };
        Assert.Equal(many - entries, all);
        Assert.Equal(all, suppressed + logged);
        Assert.Equal(_entries[DropReason.TooManyConnections], logged);

        // Once its connections are gone the pod may open others.
        ConntrackTable.Delete(conntrack, [.. ConntrackTable.Dump(conntrack, family)
            .Where(e => e.Original.Source.Equals(Cluster.Pods[0].Address(family)))]);
        Assert.True(SpinWait.SpinUntil(() =>
        {
            var again = Send(_flood, 0, 0, 3, family, 1)[0];
            ReadArrivals();
            return _arrived.Contains(again);
        }, 60_000), "the pod is locked out");
        ThreadHome.AssertAllHome();
    }

    public void Dispose()
    {
        _frames.Dispose();
        _log.Dispose();
        _open.Dispose();
        _flood.Dispose();
        _quiet.Dispose();
        _programmer.Dispose();
        _node.Dispose();
    }

    /// <param name="claims">Whose address the packets have.</param>
    private List<uint> Send(PacketInjector injector, int from, int claims, int to, AddressFamily family, int count)
    {
        var ids = new List<uint>(count);
        var (source, destination) = (IpAddressValue.From(Cluster.Pods[claims].Address(family)!),
            IpAddressValue.From(Cluster.Pods[to].Address(family)!));
        for (var i = 0; i < count; i++)
        {
            ids.Add(++_id);
            _frames.Add(new ProbeSpec(_node.Attachments[from].Mac, NodeLayout.GatewayMac,
                new ProbeIdentity(_id, IpProtocol.Udp, source, destination, (ushort)(1024 + _id % 60_000),
                    (ushort)(1 + _id / 60_000))));
            if (!_frames.IsFull && i < count - 1) continue;
            injector.Send(_frames);
            _frames.Clear();
        }
        return ids;
    }

    private void AwaitLog(uint id)
    {
        Assert.True(SpinWait.SpinUntil(() =>
        {
            ReadLog();
            return _logged.Contains(id);
        }, 20_000), "the last packet was not logged");
    }

    private void ReadLog() => _log.Drain((scoped in NflogPacket packet) =>
    {
        _entries[packet.Prefix] = _entries.GetValueOrDefault(packet.Prefix) + 1;
        if (ProbeFrame.TryReadPacket(packet.Payload, out var probe)) _logged.Add(probe.Id);
    });

    private void ReadArrivals()
    {
        while (_open.TryRead(out var frame))
            if (ProbeFrame.TryRead(frame.Data, out var probe)) _arrived.Add(probe.Id);
    }

    private List<int> Counters(string family, string chain) =>
        [.. Regex.Matches(InNetns.Exec(_node.Netns.Name!, "nft", $"list chain {family} dataplane {chain}"),
            "packets ([0-9]+) bytes").Select(m => int.Parse(m.Groups[1].Value))];
}
