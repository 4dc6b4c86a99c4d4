using System.Net.Sockets;
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
/// A pod's eth0 may have a queue for each CPU, and packets of one connection then come on several at once, the first
/// ones too. Each is judged: all of an allowed connection arrive, none of a denied one, none is judged twice.
/// </summary>
public sealed class SeveralCpuTests : IDisposable
{
    private const int Connections = 2_000;

    private static readonly Cluster Cluster = new Lab().Namespace("x").Pod("x/from").Pod("x/open")
        .Pod("x/closed", "app=closed").Policy("x/closed", "app=closed", ingress: []).Cluster;

    private readonly PrivateNode _node = PrivateNode.Create(NodeOptions.Default);
    private readonly RulesetProgrammer _programmer;

    public SeveralCpuTests()
    {
        _node.AttachPods(Cluster.Pods);
        _programmer = new RulesetProgrammer(_node, NodeShape.Default);
        _programmer.Program(Cluster);
    }

    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void A_connection_on_several_at_once(AddressFamily family)
    {
        var cpus = CpuPinning.Allowed();
        Assert.SkipUnless(cpus.Count > 1, "one CPU");
        using var open = Ring(1);
        using var closed = Ring(2);
        using var barrier = new Barrier(2);
        var threads =
            cpus.Take(2).Select((cpu, i) => new Thread(() => Send(cpu, (uint)i, barrier, family))).ToList();
        threads.ForEach(t => t.Start());
        var (arrived, twice, denied) = (new HashSet<uint>(), 0, 0);
        do
        {
            while (open.TryRead(out var frame))
                if (ProbeFrame.TryRead(frame.Data, out var probe) && !arrived.Add(probe.Id)) twice++;
            while (closed.TryRead(out var frame))
                if (ProbeFrame.TryRead(frame.Data, out _)) denied++;
        }
        while (threads.Any(t => t.IsAlive) || (arrived.Count < 2 * Connections && open.Wait(PodSocket.Patience)));
        threads.ForEach(t => t.Join());
        Assert.Equal((2 * Connections, 0, 0), (arrived.Count, twice, denied));
        Assert.Equal((0L, 0L), (open.Statistics().Dropped, closed.Statistics().Dropped));
        using var conntrack = NetlinkSocket.Open(NetlinkProtocol.Netfilter, _node.Netns);
        Assert.Equal(Connections, ConntrackTable.Dump(conntrack, family).Count);
        Assert.All(ConntrackTable.Dump(conntrack, family), e => Assert.NotEqual(0u, e.Mark & MarkBits.Epoch));
        ThreadHome.AssertAllHome();
    }

    public void Dispose()
    {
        _programmer.Dispose();
        _node.Dispose();
    }

    private PacketRing Ring(int pod) => PacketRing.Open(_node.Attachments[pod].Netns,
        CaptureFilter.Build(ProbeFrame.SnapLength, CaptureDirection.Incoming), NodeLayout.PodInterface,
        frameCount: 16_384);

    /// <summary>Each CPU sends one packet of each connection, as near to the other's as can be.</summary>
    private void Send(int cpu, uint number, Barrier barrier, AddressFamily family)
    {
        using var pinned = CpuPinning.PinCurrentThread(cpu);
        using var injector = PacketInjector.Open(_node.Attachments[0].Netns, NodeLayout.PodInterface);
        using var frames = new FrameBatch(2);
        for (var i = 0; i < Connections; i++)
        {
            frames.Clear();
            foreach (var to in new[] { 2, 1 })
            {
                frames.Add(new ProbeSpec(_node.Attachments[0].Mac, NodeLayout.GatewayMac,
                    new ProbeIdentity(1 + 2 * (uint)i + number + (to == 2 ? 1u << 20 : 0), IpProtocol.Udp,
                        IpAddressValue.From(Cluster.Pods[0].Address(family)!),
                        IpAddressValue.From(Cluster.Pods[to].Address(family)!), (ushort)(10_000 + i), 900)));
            }
            barrier.SignalAndWait();
            injector.Send(frames);
        }
    }
}
