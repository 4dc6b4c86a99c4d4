using System.Diagnostics;
using System.Net.Sockets;
using Dataplane.Integration.Closed;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Frames;
using Dataplane.Node.Layout;
using Dataplane.Node.Ports.Bridge;
using Dataplane.Node.Ports;
using Dataplane.Node.Verification;
using Dataplane.Planning;
using Dataplane.Policy.Model;
using Dataplane.Testing.Clusters;

namespace Dataplane.Integration.Attacks;

/// <summary>
/// One node for all attacks: an attacker, its victims, and live connections between two of them. After every attack
/// comes proof that it is over: three sentinels behind the attack's frames, on the same CPU, dropped and logged by the
/// bridge; then a control packet to each victim, which must arrive where nothing else may.
/// </summary>
public class AttackLab : IDisposable
{
    private readonly NodeSession _session;
    private readonly PodWitnesses _pods;
    private readonly NodeWitnesses _node;
    private readonly PacketInjector _attacker;
    private readonly FrameBatch _frames = new(128, 1514);
    private int _tags;

    public AttackLab()
    {
        var friends = new[] { Rule.Peers(Rule.Pods("talks=yes")) };
        Cluster = new Lab().Namespace("x").Pod("x/attacker").Pod("x/isolated", "app=isolated")
            .Pod("x/live", "talks=yes").Pod("x/friend", "talks=yes").Pod("x/bystander")
            .Policy("x/isolated", "app=isolated", ingress: [], egress: [])
            .Policy("x/talks", "talks=yes", ingress: friends, egress: friends).Cluster;
        _session = NodeSession.Open(Cluster, NodeOptions.Default, [WireWatch.External4, WireWatch.External6]);
        Talks = [.. AddressFamilies.All.SelectMany(family => new[]
        {
            new Talk(_session.Node, Cluster.Pods[2], Cluster.Pods[3], family, ProtocolType.Tcp, Scene.TcpPort),
            new Talk(_session.Node, Cluster.Pods[2], Cluster.Pods[3], family, ProtocolType.Udp, Scene.UdpPort),
        })];
        _pods = new PodWitnesses(_session.Node);
        _node = new NodeWitnesses(_session.Node);
        _attacker = PacketInjector.Open(Attachment("x/attacker").Netns, NodeLayout.PodInterface);
        foreach (var talk in Talks) talk.BothWays();
        // The node has connections too.
        Assert.Empty(Fire(NewScene(), []));
    }

    public Cluster Cluster { get; }

    /// <summary>From x/live to x/friend: TCP and UDP over IPv4, then over IPv6.</summary>
    internal IReadOnlyList<Talk> Talks { get; }

    internal PrivateNode Node => _session.Node;

    internal NodeSession Session => _session;

    internal Attachment Attachment(string pod) => _session.Node.Attachments.Single(a => a.Endpoint?.Name == pod);

    /// <summary>Until the result is disposed, the bridge sees all packets of live connections.</summary>
    protected virtual IDisposable? ShowAll() => null;

    /// <summary>Who is who, with a tag of its own for this attack.</summary>
    internal Scene NewScene()
    {
        _node.Clear();
        LiveSegments segments;
        using (ShowAll())
        {
            foreach (var talk in Talks) talk.BothWays();
            segments = _node.Segments(Cluster.Pods[2], Cluster.Pods[3]);
        }
        return new Scene(Pod(0), Pod(1), Pod(2), Pod(3), Pod(4),
            new Party("outside", Attachment(WireWatch.External4.Name).Mac, WireWatch.External4.Address,
                WireWatch.External6.Address),
            new Party("node", NodeLayout.GatewayMac, Cluster.Node.IPv4!, Cluster.Node.IPv6!), segments,
            "atk"u8.ToArray().Concat(BitConverter.GetBytes(++_tags)).Append((byte)'!').ToArray());

        Party Pod(int number) => new(Cluster.Pods[number].Name, Attachment(Cluster.Pods[number].Name).Mac,
            Cluster.Pods[number].IPv4!, Cluster.Pods[number].IPv6!);
    }

    /// <summary>
    /// Sends frames out of the attacker's eth0; returns where anything arrived that is neither a live connection's nor
    /// a control.
    /// </summary>
    internal IReadOnlyList<Sighting> Fire(Scene scene, IEnumerable<byte[]> frames) =>
        Fire(scene, () => Send(_attacker, frames));

    /// <summary>As above, for an attack that does more than send frames.</summary>
    internal IReadOnlyList<Sighting> Fire(Scene scene, Action attack)
    {
        using var pinned = CpuPinning.PinCurrentThread();
        _pods.Clear();
        _node.Clear();
        attack();
        for (var round = 0; round < 3; round++) Sentinel();
        var control = "control"u8.ToArray().Concat(BitConverter.GetBytes(++_tags)).ToArray();
        _node.SendControls(control, Cluster);
        var seen = new List<Sighting>();
        _pods.Await(control, scene, seen);
        _node.Drain(control, scene, seen);
        return seen;
    }

    /// <summary>Sends frames from another namespace's eth0, as the external would.</summary>
    internal void Send(PacketInjector injector, IEnumerable<byte[]> frames)
    {
        _frames.Clear();
        foreach (var frame in frames)
        {
            frame.CopyTo(_frames.Next());
            _frames.Commit(frame.Length);
        }
        if (_frames.Count > 0) injector.Send(_frames);
    }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        foreach (var talk in Talks) talk.Dispose();
        _attacker.Dispose();
        _node.Dispose();
        _pods.Dispose();
        _frames.Dispose();
        _session.Dispose();
    }

    /// <summary>A frame of the attacker with an address that no pod has: the bridge drops and logs it.</summary>
    private void Sentinel()
    {
        var id = (uint)++_tags;
        var nobody = IpAddressValue.Parse("203.0.113.77");
        _frames.Clear();
        _frames.Add(new ProbeSpec(Attachment("x/attacker").Mac, NodeLayout.GatewayMac,
            new ProbeIdentity(id, IpProtocol.Udp, nobody, nobody, 1, 1)));
        _attacker.Send(_frames);
        var started = Stopwatch.GetTimestamp();
        while (!_node.HasLogged(id))
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(10), "the sentinel was not logged");
    }
}

/// <summary>All attacks share the lab, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class AttackCollection : ICollectionFixture<AttackLab>
{
    public const string Name = "attacks";
}
