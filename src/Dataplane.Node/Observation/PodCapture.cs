using System.Net;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;

namespace Dataplane.Node.Observation;

/// <summary>
/// The frames of one pod as pcapng, each with what became of it: what is delivered to the pod was allowed; what it
/// sends is allowed once it has been seen to leave the node on the other side, and denied once the drop log has named
/// it. What is for the node itself, and what nobody judges (groups, ARP), has no comment. The drop log's entries about
/// the pod are an interface of their own. Frames that find no room are counted in the file. A filter sees the frames at
/// the pod's port, and those of the drop log with an Ethernet header of zeros. Not thread-safe.
/// </summary>
public sealed class PodCapture : IDisposable
{
    /// <summary>Bytes of an IP packet that tell it from others.</summary>
    internal const int KeyLength = 80;

    public const int MaxSnapLength = 65_470;

    /// <summary>The ring's memory in bytes: what a reader may fall behind.</summary>
    private const int RingMemory = 8 << 20;
    private const int FeedCapacity = 8192;

    /// <summary>Bytes of frames that are taken in at a time, and that wait for their fate.</summary>
    private const int MaxStep = 1 << 20, MaxWaiting = 4 << 20;

    /// <summary>How long a frame waits: longer than the machine may be busy.</summary>
    private const long MaxAgeNanoseconds = 200_000_000;

    private readonly PacketRing _ring;
    private readonly DropFeed _drops;
    private readonly FlowLog _flows;
    private readonly HashSet<IpAddressValue> _addresses;
    private readonly FilterProgram? _filter;
    private readonly PcapngWriter _file;
    private readonly Queue<CapturedPacket> _waiting = [];
    private readonly SentFrames _sent = new();
    private readonly int _port, _snapLength, _podInterface, _dropInterface;
    private long _droppedTold, _lostTold, _dropsWritten;
    private int _waitingBytes;

    /// <param name="port">The index of the pod's bridge port.</param>
    /// <param name="bridge">The index of the node's bridge.</param>
    /// <param name="addresses">The pod's.</param>
    /// <param name="name">The pod's.</param>
    /// <param name="snapLength">Bytes kept of a frame, 14 to <see cref="MaxSnapLength"/>.</param>
    /// <param name="output">Gets the file, from its first byte on.</param>
    /// <param name="filter">Only frames that it accepts are written; null: all are.</param>
    /// <exception cref="LinuxException">
    /// The kernel refused: the filter (EINVAL; ENOMEM: too long for it), or a ring.
    /// </exception>
    public PodCapture(
        Netns node, DropLog drops, FlowLog flows, int port, int bridge, IEnumerable<IPAddress> addresses, string name,
            int snapLength, Stream output,
        FilterProgram? filter = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(snapLength, EthernetView.HeaderLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(snapLength, MaxSnapLength);
        (_flows, _port, _snapLength, _filter) = (flows, port, snapLength, filter);
        _addresses = [.. addresses.Select(IpAddressValue.From)];
        _drops = new DropFeed(drops, FeedCapacity);
        try
        {
            var kept = Math.Max(snapLength, EthernetView.HeaderLength + KeyLength);
            _ring = PacketRing.Open(node, CaptureFilter.Around(port, bridge, [.. _addresses], kept, filter), 0,
                RingMemory / (kept + 128), kept);
        }
        catch
        {
            _drops.Dispose();
            throw;
        }
        _file = new PcapngWriter(output, "dataplane capture");
        _podInterface = _file.AddInterface(name, snapLength);
        // tcpdump reads a file only when all its interfaces have one snapshot length.
        _dropInterface = _file.AddInterface("drop log", snapLength);
    }

    /// <summary>Frames written so far, those of the drop log included.</summary>
    public long Written { get; private set; }

    /// <summary>Takes in what there is, without waiting, and writes what is settled.</summary>
    /// <param name="atMost">Frames.</param>
    /// <returns>Whether anything was taken in or written.</returns>
    public bool Advance(long atMost)
    {
        var before = Written;
        var seen = 0;
        // What is written must be sent before more is taken in.
        for (; seen < MaxStep && _ring.TryRead(out var frame); seen += frame.Data.Length) Take(frame);
        for (var left = FeedCapacity; left > 0 && Written - before < atMost
            && _drops.TryTake(TimeSpan.Zero, out var record); left--)
        {
            Take(record);
        }
        WriteSettled(atMost - (Written - before));
        TellLosses();
        return seen > 0 || Written > before;
    }

    public void Dispose()
    {
        _drops.Dispose();
        _ring.Dispose();
        _file.Dispose();
    }

    private static long Now => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    private void Take(in CapturedFrame frame)
    {
        var isPods = frame.InterfaceIndex == _port;
        var isOutgoing = frame.Type == PacketType.Outgoing;
        // Seen on its way out of the node: passed by all rules. A pod's packet to itself comes back by its own port.
        if (isOutgoing) _sent.Settle(SentFrames.Payload(frame.Data), "allowed");
        if (!isPods) return;
        var packet =
            new CapturedPacket(frame.Data.ToArray(), Math.Max(frame.Length, frame.Data.Length),
            frame.TimestampNanoseconds, !isOutgoing);
        // What the node's bridge says to everybody was never judged.
        if (isOutgoing)
        {
            packet.Fate = IpView.TryParse(SentFrames.Payload(frame.Data), out var ip)
                && _addresses.Contains(ip.Destination) ? "allowed" : null;
        }
        else
        {
            _sent.Add(packet);
        }
        _waiting.Enqueue(packet);
        _waitingBytes += packet.Frame.Length;
    }

    private void Take(DropRecord record)
    {
        if (PacketFacts.Of(record.Packet.Span, record.EtherType) is not { } facts) return;
        if (record.Port != _port && !_addresses.Contains(facts.Source) && !_addresses.Contains(facts.Destination))
            return;
        var fate = _flows.Scene.Decision(facts, record.Reason)?.ToString() ?? $"denied: {record.Reason}";
        _sent.Settle(record.Packet.Span, fate);
        Span<byte> frame = stackalloc byte[EthernetView.HeaderLength + 256];
        var length = DroppedFrame.Write(frame, record.Packet.Span);
        if (_filter?.Accepts(frame[..length], length) is false) return;
        var time = (record.Time - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        _file.Write(_dropInterface, time, frame[..Math.Min(length, _snapLength)], length, comment: fate);
        _dropsWritten++;
        Written++;
    }

    private void WriteSettled(long atMost)
    {
        for (; atMost > 0 && _waiting.TryPeek(out var packet); atMost--)
        {
            if (packet is { Fate: null, IsSent: true } && _waitingBytes <= MaxWaiting
                && Now - packet.Timestamp < MaxAgeNanoseconds)
            {
                return;
            }
            _waiting.Dequeue();
            _waitingBytes -= packet.Frame.Length;
            if (packet is { Fate: null, IsSent: true }) _sent.Forget(packet);
            var direction = packet.IsSent ? CaptureDirection.Incoming : CaptureDirection.Outgoing;
            _file.Write(_podInterface, packet.Timestamp,
                packet.Frame.AsSpan(0, Math.Min(packet.Frame.Length, _snapLength)), packet.Length, direction,
                packet.Fate);
            Written++;
        }
    }

    private void TellLosses()
    {
        var statistics = _ring.Statistics();
        if (statistics.Dropped > _droppedTold) _file.WriteStatistics(_podInterface, Now, statistics);
        if (_drops.Lost > _lostTold)
            _file.WriteStatistics(_dropInterface, Now, new CaptureStatistics(_dropsWritten + _drops.Lost, _drops.Lost));
        (_droppedTold, _lostTold) = (statistics.Dropped, _drops.Lost);
    }
}
