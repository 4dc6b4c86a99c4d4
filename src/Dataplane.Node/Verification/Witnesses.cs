using System.Net.Sockets;
using System.Text;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Nflog;
using Dataplane.Node.Network;
using Dataplane.Node.Observation;
using Dataplane.Policy;
using Dataplane.Rules.Nftables;

namespace Dataplane.Node.Verification;

/// <summary>
/// Everything that can say what became of a probe: one capture in the node that sees every frame leaving by a port, raw sockets
/// that see what the node itself receives behind its input chain, and our drop log.
/// </summary>
internal sealed class Witnesses : IDisposable
{
    /// <summary>Entries; more than a chunk of probes and what pods may send meanwhile.</summary>
    private const int FeedCapacity = 65_536;

    private readonly PacketRing _ring;
    private readonly NflogReader? _log;
    private readonly DropFeed? _feed;
    private readonly List<RawIpReceiver> _node = [];
    private readonly Dictionary<string, string> _reasons = [];

    /// <param name="drops">Where the node's drop log has its reader already; null where nobody else reads it.</param>
    public Witnesses(Netns node, bool watchNode, DropLog? drops)
    {
        // What others send in the same namespace must not crowd out what the node sends.
        _ring = PacketRing.Open(node, CaptureFilter.Build(ProbeFrame.SnapLength, CaptureDirection.Outgoing, sourceMac: NodeLayout.MacPrefix));
        if (drops is null) _log = NflogReader.Open(node, NodeShape.Default.LogGroup);
        else _feed = new DropFeed(drops, FeedCapacity);
        if (!watchNode) return;
        foreach (var family in AddressFamilies.All)
            foreach (var protocol in (ReadOnlySpan<IpProtocol>)[IpProtocol.Tcp, IpProtocol.Udp, IpProtocol.Sctp,
                family == AddressFamily.InterNetwork ? IpProtocol.Icmp : IpProtocol.Icmpv6])
                _node.Add(RawIpReceiver.Open(node, family, protocol));
    }

    /// <summary>Frames or log entries that the kernel had no room for. More than none: what they were about stays undecided.</summary>
    public long Lost => _ring.Statistics().Dropped + (_feed?.Lost ?? _log!.Overruns + _log.Lost);

    /// <summary>Takes in everything there is, without waiting.</summary>
    public void Drain(ProbeLedger ledger)
    {
        DrainLog(TimeSpan.Zero, ledger);
        while (_ring.TryRead(out var frame))
        {
            if (ProbeFrame.TryRead(frame.Data, out var probe)) ledger.Delivered(probe, frame.InterfaceIndex, frame);
            else if (ProbeFrame.TryReadReply(frame.Data, out var reply)) ledger.Replied(reply, frame.InterfaceIndex, frame);
        }
        foreach (var receiver in _node)
            while (receiver.TryRead(out var packet))
                if (packet.TryReadProbe(out var probe)) ledger.Received(probe);
    }

    /// <summary>Waits for drop log entries up to <paramref name="timeout"/>.</summary>
    public void DrainLog(TimeSpan timeout, ProbeLedger ledger)
    {
        if (_feed is not null)
        {
            for (; _feed.TryTake(timeout, out var record); timeout = TimeSpan.Zero)
                if (ProbeFrame.TryReadPacket(record.Packet.Span, out var probe)) ledger.Dropped(probe, record.Reason, record.Packet.Span);
            return;
        }
        _log!.Receive(timeout, (scoped in NflogPacket packet) =>
        {
            if (ProbeFrame.TryReadPacket(packet.Payload, out var probe)) ledger.Dropped(probe, Reason(packet.PrefixBytes), packet.Payload);
        });
    }

    public void Dispose()
    {
        foreach (var receiver in _node) receiver.Dispose();
        _log?.Dispose();
        _feed?.Dispose();
        _ring.Dispose();
    }

    private string Reason(ReadOnlySpan<byte> prefix)
    {
        // A handful of prefixes, thousands of entries: one string each.
        Span<char> text = stackalloc char[128];
        var length = Encoding.ASCII.GetChars(prefix[..Math.Min(prefix.Length, 128)], text);
        var lookup = _reasons.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!lookup.TryGetValue(text[..length], out var reason)) _reasons[reason = text[..length].ToString()] = reason;
        return reason;
    }
}
