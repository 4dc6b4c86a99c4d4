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
/// The connection table, which pods share: neither connections that are closed, nor many pods that each stay below
/// their limit, nor one that comes back to its limit again and again, leave no room for another pod.
/// </summary>
public sealed class SharedTableTests : IDisposable
{
    private const int Colluding = 12, MostConnections = 4096, Table = 24_000, Batch = 400;

    /// <summary>What pods may fill of the table, as <c>ConnectionLimits</c> has it, and its error.</summary>
    private const int Filled = Table / 4 * 3, AtMost = Filled * 5 / 4;

    private static readonly Cluster Cluster = Enumerable.Range(0, Colluding)
        .Aggregate(new Lab().Namespace("x").Pod("x/victim").Pod("x/open"), (lab, i) => lab.Pod($"x/c{i}")).Cluster;

    private readonly PrivateNode _node = PrivateNode.Create(NodeOptions.Default);
    private readonly RulesetProgrammer _programmer;
    private readonly List<PacketInjector> _injectors;
    private readonly PacketRing _open;
    private readonly NetlinkSocket _conntrack;
    private readonly FrameBatch _frames = new(Batch);
    private readonly HashSet<uint> _arrived = [];
    private uint _id;

    public SharedTableTests()
    {
        var pods = _node.AttachPods(Cluster.Pods);
        _programmer = new RulesetProgrammer(_node, NodeShape.Default with
        {
            LoggedDropsPerSecond = 100, ConnectionsPerPod = MostConnections, ConnectionTable = Table,
        });
        _programmer.Program(Cluster);
        Sysctl.Write(_node.Netns, NodeSysctls.Conntrack);
        _injectors = [.. pods.Select(p => PacketInjector.Open(p.Netns, NodeLayout.PodInterface))];
        _open = PacketRing.Open(pods[1].Netns, CaptureFilter.Build(ProbeFrame.SnapLength, CaptureDirection.Incoming),
            NodeLayout.PodInterface, frameCount: 8192);
        _conntrack = NetlinkSocket.Open(NetlinkProtocol.Netfilter, _node.Netns);
    }

    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void Pods_that_collude(AddressFamily family)
    {
        var mine = new List<uint>();
        // Each stays below its limit; together they would have twice what the table takes.
        for (var round = 0; round < 10; round++)
        {
            for (var pod = 2; pod < Cluster.Pods.Count; pod++)
                Send(pod, family, MostConnections * 9 / 10 / 10);
            // Few, or the samples could take it for one above its share of 64.
            if (round % 2 == 0) mine.AddRange(Send(0, family, 1));
            ReadArrivals();
        }
        var entries = ConntrackTable.Dump(_conntrack, family).Count;
        Assert.InRange(entries, Filled * 3 / 4, AtMost);
        // It has five connections, and the others have filled the table: it may open more.
        mine.AddRange(Send(0, family, 5));
        ReadArrivals();
        Assert.Empty(mine.Except(_arrived));
        // A second attempt of the others, later on, does not help them.
        for (var pod = 2; pod < Cluster.Pods.Count; pod++) Send(pod, family, MostConnections);
        Assert.InRange(ConntrackTable.Dump(_conntrack, family).Count, Filled * 3 / 4, AtMost);
        // When theirs have ended, they may open others.
        Forget(family, from: 2);
        Assert.True(SpinWait.SpinUntil(() =>
        {
            var again = Send(2, family, 1)[0];
            ReadArrivals();
            return _arrived.Contains(again);
        }, 60_000), "the pod is locked out");
        ThreadHome.AssertAllHome();
    }

    /// <summary>
    /// Above its limit a pod is counted again before it opens another connection, not a little later.
    /// </summary>
    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void A_pod_that_comes_back_to_its_limit(AddressFamily family)
    {
        Send(2, family, 3 * MostConnections);
        var before = Opened(2, family);
        Assert.InRange(before, MostConnections / 2, MostConnections * 2);
        for (var time = 0; time < 5; time++)
        {
            // The element says when the source is counted again: it lasts for a second.
            Assert.True(SpinWait.SpinUntil(() => !InNetns.Exec(_node.Netns, "nft",
                $"list set inet dataplane crowded{(family == AddressFamily.InterNetwork ? 4 : 6)}")
                .Contains("expires", StringComparison.Ordinal), 10_000));
            Send(2, family, 200);
        }
        Assert.Equal(before, Opened(2, family));
        ThreadHome.AssertAllHome();
    }

    /// <summary>The kernel counts no connection that is closed; so none stays.</summary>
    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void Closed_connections(AddressFamily family)
    {
        for (var i = 0; i < 50; i++)
        {
            using var talk = new Talk(_node, Cluster.Pods[2], Cluster.Pods[1], family, ProtocolType.Tcp, 80);
            talk.BothWays();
            // Half of them with a FIN each way, half of them with a RST.
            if (i % 2 == 0) talk.Client.LingerState = new LingerOption(true, 0);
        }
        Assert.NotEmpty(ConntrackTable.Dump(_conntrack, family));
        // A closed entry lasts for a second; without the settings for 120 and for 10.
        Assert.True(SpinWait.SpinUntil(() => ConntrackTable.Dump(_conntrack, family).Count == 0, 8_000),
            InNetns.Exec(_node.Netns, "conntrack", "-L"));
        ThreadHome.AssertAllHome();
    }

    public void Dispose()
    {
        _conntrack.Dispose();
        _frames.Dispose();
        _open.Dispose();
        foreach (var injector in _injectors) injector.Dispose();
        _programmer.Dispose();
        _node.Dispose();
    }

    private int Opened(int pod, AddressFamily family) => ConntrackTable.Dump(_conntrack, family)
        .Count(e => e.Original.Source.Equals(Cluster.Pods[pod].Address(family)));

    private void Forget(AddressFamily family, int from)
    {
        var addresses = Cluster.Pods.Skip(from).Select(p => p.Address(family)).ToHashSet();
        ConntrackTable.Delete(_conntrack,
            [.. ConntrackTable.Dump(_conntrack, family).Where(e => addresses.Contains(e.Original.Source))]);
    }

    /// <summary>Opens connections with the open pod.</summary>
    private List<uint> Send(int from, AddressFamily family, int count)
    {
        using var pinned = CpuPinning.PinCurrentThread();
        var ids = new List<uint>(count);
        var (source, destination) = (IpAddressValue.From(Cluster.Pods[from].Address(family)!),
            IpAddressValue.From(Cluster.Pods[1].Address(family)!));
        _frames.Clear();
        for (var i = 0; i < count; i++)
        {
            ids.Add(++_id);
            _frames.Add(new ProbeSpec(_node.Attachments[from].Mac, NodeLayout.GatewayMac,
                new ProbeIdentity(_id, IpProtocol.Udp, source, destination, (ushort)(1024 + _id % 60_000),
                    (ushort)(1 + _id / 60_000))));
            if (!_frames.IsFull && i < count - 1) continue;
            _injectors[from].Send(_frames);
            _frames.Clear();
            ReadArrivals();
        }
        return ids;
    }

    private void ReadArrivals()
    {
        while (_open.TryRead(out var frame))
            if (ProbeFrame.TryRead(frame.Data, out var probe)) _arrived.Add(probe.Id);
    }
}
