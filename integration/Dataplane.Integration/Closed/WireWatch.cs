using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Frames;
using Dataplane.Node.Layout;
using Dataplane.Node.Ports;
using Dataplane.Node.Ports.Bridge;
using Dataplane.Node.Verification;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Integration.Closed;

/// <summary>
/// Sees deliveries on a node whose rules may be gone, without our drop log: everything that leaves by a port or reaches
/// the node itself. Its sentinel is a packet from one external to another, which is no business of our rules: once it
/// has been forwarded, everything sent before it from the same CPU has been dealt with.
/// </summary>
internal sealed class WireWatch : IDisposable
{
    public static readonly ExternalEndpoint External4 = new(IPAddress.Parse("172.17.5.9")),
        External6 = new(IPAddress.Parse("2001:db8::9"));
    private static readonly ExternalEndpoint Behind = new(IPAddress.Parse("172.17.5.10"));
    private static readonly IpProtocol[] Protocols =
        [IpProtocol.Tcp, IpProtocol.Udp, IpProtocol.Sctp, IpProtocol.Icmp, IpProtocol.Icmpv6];

    private readonly PacketRing _ring;
    private readonly List<RawIpReceiver> _receivers = [];
    private readonly Dictionary<AddressFamily, RawIpInjector> _fromNode = [];
    private readonly Dictionary<Endpoint, Station> _stations = [];
    private readonly FrameBatch _frames = new(1);
    private uint _id;

    public WireWatch(PrivateNode node, NodeEndpoint self)
    {
        node.AttachExternals([External4, External6, Behind]);
        _ring = PacketRing.Open(node.Netns, CaptureFilter.Build(ProbeFrame.SnapLength, CaptureDirection.Outgoing));
        foreach (var family in AddressFamilies.All)
        {
            _fromNode[family] = RawIpInjector.Open(node.Netns, family);
            foreach (var protocol in Protocols.Where(
                p => p != (family == AddressFamily.InterNetwork ? IpProtocol.Icmpv6 : IpProtocol.Icmp)))
            {
                _receivers.Add(RawIpReceiver.Open(node.Netns, family, protocol));
            }
        }
        foreach (var attachment in node.Attachments.Where(a => a.Endpoint is not null)) Add(attachment);
        _stations[self] = Station.OfNode(self);
    }

    public void Add(Attachment attachment) => _stations[attachment.Endpoint!] = Station.Of(attachment);

    /// <summary>A packet for each flow, with a number and, but for ICMP, a source port of its own.</summary>
    public IReadOnlyList<Shot> Prepare(IEnumerable<Flow> flows) =>
        [.. flows.Select(flow => new Shot(flow, Spec(flow)))];

    /// <summary>Sends the packets and returns those that arrived anywhere but on the bridge itself.</summary>
    public IReadOnlySet<string> Delivered(IEnumerable<Shot> shots)
    {
        using var pinned = CpuPinning.PinCurrentThread();
        var sent = new Dictionary<ProbeIdentity, Shot>();
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var shot in shots)
        {
            sent.Add(shot.Spec.Identity, shot);
            Send(shot);
        }
        // Three, one after the other: a packet to the node's own raw socket passes a second backlog.
        for (var round = 0; round < 3; round++)
        {
            var sentinel =
                Prepare([new Flow(External4, Behind, new Probe(FlowProtocol.Udp, 7), AddressFamily.InterNetwork)])[0];
            Send(sentinel);
            for (var passed = false; !passed;)
            {
                if (!_ring.TryRead(out var frame))
                {
                    Assert.True(_ring.Wait(10_000), "the sentinel between two externals did not pass");
                    continue;
                }
                if (!ProbeFrame.TryRead(frame.Data, out var probe)) continue;
                passed = probe == sentinel.Spec.Identity;
                if (frame.InterfaceIndex != NodeLayout.BridgeIndex && sent.TryGetValue(probe, out var shot))
                    seen.Add(shot.Name);
            }
        }
        foreach (var receiver in _receivers)
        {
            while (receiver.TryRead(out var packet))
                if (packet.TryReadProbe(out var probe) && sent.TryGetValue(probe, out var shot)) seen.Add(shot.Name);
        }
        Assert.Equal(0, _ring.Statistics().Dropped);
        return seen;
    }

    public void Dispose()
    {
        foreach (var station in _stations.Values) station.Dispose();
        foreach (var injector in _fromNode.Values) injector.Dispose();
        foreach (var receiver in _receivers) receiver.Dispose();
        _frames.Dispose();
        _ring.Dispose();
    }

    private void Send(Shot shot)
    {
        var from = _stations[shot.Flow.From];
        if (from.IsNode)
        {
            // A refusal on the spot is one way of being closed.
            Span<byte> packet = stackalloc byte[ProbeFrame.MaxLength];
            _fromNode[shot.Flow.Family].TrySend(packet[..ProbeFrame.WritePacket(packet, shot.Spec)], out _);
            return;
        }
        _frames.Clear();
        _frames.Add(shot.Spec);
        from.Send(_frames);
    }

    private ProbeSpec Spec(Flow flow)
    {
        var id = ++_id;
        var isIcmp = flow.Probe.Protocol == FlowProtocol.Icmp;
        var protocol = isIcmp && flow.Family == AddressFamily.InterNetworkV6
            ? IpProtocol.Icmpv6
            : (IpProtocol)(byte)flow.Probe.Protocol;
        return _stations[flow.From].Spec(new ProbeIdentity(id, protocol,
            IpAddressValue.From(flow.From.AddressIn(flow.Family)!),
            IpAddressValue.From(flow.To.AddressIn(flow.Family)!), (ushort)(isIcmp ? 0 : 1024 + id), flow.Probe.Port));
    }
}

/// <summary>One packet of one flow.</summary>
internal sealed record Shot(Flow Flow, ProbeSpec Spec)
{
    public string Name => $"{Flow.From.Name} -> {Flow.To.Name} {Flow.Probe} {Flow.Family.Text()}";
}
