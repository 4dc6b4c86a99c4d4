using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Nflog;
using Dataplane.Node.Ports.Bridge;
using Dataplane.Policy.Model;
using Dataplane.Rules.Shape;

namespace Dataplane.Integration.Attacks;

/// <summary>
/// What the node sees: frames that leave by its ports, packets that its own sockets get, and the drop log.
/// </summary>
internal sealed class NodeWitnesses : IDisposable
{
    private const int SnapLength = 512;
    private static readonly byte[] Protocols = [Craft.Icmp, Craft.Ipip, Craft.Tcp, Craft.Udp, Craft.Dccp,
        Craft.SixInFour, Craft.Gre, Craft.Icmpv6, Craft.Sctp, Craft.UdpLite];

    private readonly PrivateNode _node;
    private readonly PacketRing _ring;
    private readonly NflogReader _log;
    private readonly List<RawIpReceiver> _receivers = [];
    private readonly Dictionary<AddressFamily, RawIpInjector> _controls = [];
    private readonly HashSet<uint> _logged = [];

    public NodeWitnesses(PrivateNode node)
    {
        _node = node;
        _ring = PacketRing.Open(node.Netns, CaptureFilter.Build(SnapLength, CaptureDirection.Outgoing),
            frameCount: 4096, snapLength: SnapLength);
        _log = NflogReader.Open(node.Netns, NodeShape.Default.LogGroup);
        foreach (var family in AddressFamilies.All)
        {
            _controls[family] = RawIpInjector.Open(node.Netns, family);
            foreach (var protocol in Protocols)
                _receivers.Add(RawIpReceiver.Open(node.Netns, family, (IpProtocol)protocol));
        }
    }

    /// <summary>Reasons of the drops since the last <see cref="Clear"/>, as often as they were logged.</summary>
    public List<string> Reasons { get; } = [];

    public void Clear()
    {
        while (_ring.TryRead(out _))
        {
        }
        foreach (var receiver in _receivers)
        {
            while (receiver.TryRead(out _))
            {
            }
        }
        _log.Drain((scoped in NflogPacket _) => { });
        Reasons.Clear();
    }

    public bool HasLogged(uint id)
    {
        _log.Receive(TimeSpan.FromMilliseconds(100), (scoped in NflogPacket packet) =>
        {
            Reasons.Add(packet.Prefix);
            if (ProbeFrame.TryReadPacket(packet.Payload, out var probe)) _logged.Add(probe.Id);
        });
        return _logged.Contains(id);
    }

    /// <summary>A datagram from the node to every endpoint: nothing may block it.</summary>
    public void SendControls(byte[] control, Cluster cluster)
    {
        foreach (var address in _node.Attachments.Where(a => a.Endpoint is not null).SelectMany(a => a.Addresses))
        {
            var self = cluster.Node.AddressIn(address.AddressFamily)!;
            Assert.True(_controls[address.AddressFamily].TrySend(
                Craft.Ip(self, address, Craft.Udp, Craft.UdpTo(self, address, Scene.NodePort, Scene.NodePort, control)),
                out var errno), $"the node cannot send to {address}: {errno}");
        }
    }

    /// <summary>
    /// Adds the ports, but the attacker's own, that a frame of the attack left by, and the node where a socket got one.
    /// </summary>
    public void Drain(byte[] control, Scene scene, List<Sighting> seen)
    {
        var ports = _node.Attachments.ToDictionary(a => a.PortIndex, a => a.Endpoint?.Name ?? "stranger");
        var controls = 0;
        while (_ring.TryRead(out var frame))
        {
            if (!ports.TryGetValue(frame.InterfaceIndex, out var name)) continue;
            if (frame.Data.IndexOf(control) >= 0) controls++;
            else if (name != "x/attacker" && frame.Data.IndexOf(scene.Tag) >= 0)
                seen.Add(new Sighting(name, FrameText.Summarise(frame.Data)));
        }
        foreach (var receiver in _receivers)
        {
            while (receiver.TryRead(out var packet))
            {
                if (packet.Transport.IndexOf(scene.Tag) >= 0)
                {
                    seen.Add(new Sighting("node",
                        $"protocol {(byte)packet.Protocol} from {packet.Source} to {packet.Destination}"));
                }
            }
        }
        Assert.Equal(_node.Attachments.Where(a => a.Endpoint is not null).Sum(a => a.Addresses.Count), controls);
        Assert.Equal((0L, 0L), (_ring.Statistics().Dropped, _log.Lost));
    }

    /// <summary>What the two ends of the live TCP connections said last, since <see cref="Clear"/>.</summary>
    public LiveSegments Segments(PodEndpoint client, PodEndpoint server)
    {
        var (fromClient, fromServer) =
            (new Dictionary<AddressFamily, Segment>(), new Dictionary<AddressFamily, Segment>());
        while (_ring.TryRead(out var frame))
        {
            if (!EthernetView.TryParse(frame.Data, out var ethernet)
                || !IpView.TryParse(ethernet.Payload, out var ip)
                || ip.Protocol != IpProtocol.Tcp
                || !TcpView.TryParse(ip.Transport, out var tcp))
            {
                continue;
            }
            var next = new Segment(tcp.SourcePort, tcp.DestinationPort, tcp.Sequence + (uint)tcp.Payload.Length,
                tcp.Acknowledgment);
            var from = ip.Source.ToIPAddress();
            if (Is(client, from)) fromClient[from.AddressFamily] = next;
            else if (Is(server, from)) fromServer[from.AddressFamily] = next;
        }
        return new LiveSegments(fromClient, fromServer);
    }

    public void Dispose()
    {
        foreach (var injector in _controls.Values) injector.Dispose();
        foreach (var receiver in _receivers) receiver.Dispose();
        _log.Dispose();
        _ring.Dispose();
    }

    private static bool Is(PodEndpoint pod, IPAddress address) => address.Equals(pod.Address(address.AddressFamily));
}
