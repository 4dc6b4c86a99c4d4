using Dataplane.Linux.Capture;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Nflog;
using Dataplane.Node.Layout;
using Dataplane.Node.Observation;
using Dataplane.Node.Ports;
using Dataplane.Policy.Model;
using Dataplane.Rules.Shape;

namespace Dataplane.Node.Verification;

/// <summary>
/// The witnesses of probes: a capture in the node of every frame that leaves by a port, raw sockets for packets that
/// the node itself receives behind its input chain, and our drop log. Thread-safe: one thread at a time reads.
/// </summary>
internal sealed class Witnesses : IDisposable
{
    /// <summary>
    /// Capacity in entries: more than a chunk of probes and the packets that pods may send meanwhile.
    /// </summary>
    private const int FeedCapacity = 65_536;

    /// <summary>
    /// Number of log entries that the kernel gathers into one message while no lane waits for one. Above what fits into
    /// its buffer of one page, so that the buffer is filled.
    /// </summary>
    private const uint Gathered = 64;

    private readonly Lock _reading = new();
    private readonly PacketRing _ring;
    private readonly NflogReader? _log;
    private readonly DropFeed? _feed;
    private readonly List<RawIpReceiver> _node = [];
    private readonly ReasonNames _reasons = new();
    private int _waiting;

    /// <param name="drops">The existing reader of the node's drop log; null: it is opened here.</param>
    public Witnesses(NodePorts on, bool watchNode, DropLog? drops)
    {
        var node = on.Netns;
        // Only frames from MAC addresses of ours, so that other traffic of a shared namespace does not fill the ring.
        // The bridge is left out: a frame to a pod would be captured there as well as at the port.
        _ring = PacketRing.Open(node,
            CaptureFilter.Build(ProbeFrame.SnapLength, CaptureDirection.Outgoing, sourceMac: NodeLayout.MacPrefix,
            exceptInterface: on.BridgeIndex));
        if (drops is null) _log = NflogReader.Open(node, NodeShape.Default.LogGroup);
        else _feed = new DropFeed(drops, FeedCapacity);
        _log?.Gather(Gathered);
        if (!watchNode) return;
        foreach (var family in AddressFamilies.All)
        {
            foreach (var protocol in (ReadOnlySpan<IpProtocol>)[IpProtocol.Tcp, IpProtocol.Udp, IpProtocol.Sctp,
                IcmpNumbers.Protocol[family]])
            {
                _node.Add(RawIpReceiver.Open(node, family, protocol));
            }
        }
    }

    /// <summary>
    /// Number of frames and log entries that the kernel had no room for. The flows that they belonged to stay
    /// undecided.
    /// </summary>
    public long Lost
    {
        get
        {
            lock (_reading) return LostUntilNow;
        }
    }

    private long LostUntilNow => _ring.Statistics().Dropped + (_feed?.Lost ?? _log!.Overruns + _log.Lost);

    /// <summary>Reads all pending reports without waiting.</summary>
    public void Drain(ProbeLedger ledger)
    {
        lock (_reading) DrainAll(ledger);
    }

    /// <summary>Waits for drop log entries up to <paramref name="timeout"/>.</summary>
    public void DrainLog(TimeSpan timeout, ProbeLedger ledger)
    {
        lock (_reading) ReadLog(timeout, ledger);
    }

    /// <summary>
    /// Makes the kernel deliver each log entry at once, instead of gathering some, until the returned object is
    /// disposed.
    /// </summary>
    public Immediate LogAtOnce()
    {
        lock (_reading)
            if (_waiting++ == 0) _log?.Gather(1);
        return new Immediate(this);
    }

    private void DrainAll(ProbeLedger ledger)
    {
        ReadLog(TimeSpan.Zero, ledger);
        while (_ring.TryRead(out var frame))
        {
            if (ProbeFrame.TryRead(frame.Data, out var probe)) ledger.Delivered(probe, frame.InterfaceIndex, frame);
            else if (ProbeFrame.TryReadReply(frame.Data, out var reply))
                ledger.Replied(reply, frame.InterfaceIndex, frame);
        }
        foreach (var receiver in _node)
        {
            while (receiver.TryRead(out var packet))
            {
                if (packet.TryReadProbe(out var probe)) ledger.Received(probe);
                else if (packet.TryReadReply(out var reply)) ledger.Answered(reply);
            }
        }
    }

    private void ReadLog(TimeSpan timeout, ProbeLedger ledger)
    {
        if (_feed is not null)
        {
            for (; _feed.TryTake(timeout, out var record); timeout = TimeSpan.Zero)
            {
                if (ProbeFrame.TryReadPacket(record.Packet.Span, out var probe))
                    ledger.Dropped(probe, record.Reason, record.Packet.Span);
            }
            return;
        }
        _log!.Receive(timeout, (scoped in NflogPacket packet) =>
        {
            if (ProbeFrame.TryReadPacket(packet.Payload, out var probe))
                ledger.Dropped(probe, _reasons[packet.PrefixBytes], packet.Payload);
        });
    }

    public void Dispose()
    {
        foreach (var receiver in _node) receiver.Dispose();
        _log?.Dispose();
        _feed?.Dispose();
        _ring.Dispose();
    }

    private void LogGathered()
    {
        lock (_reading)
            if (--_waiting == 0) _log?.Gather(Gathered);
    }

    /// <summary>See <see cref="LogAtOnce"/>.</summary>
    public readonly ref struct Immediate(Witnesses witnesses)
    {
        public void Dispose() => witnesses.LogGathered();
    }
}
