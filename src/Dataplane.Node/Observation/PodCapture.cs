using System.Net;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;

namespace Dataplane.Node.Observation;

/// <summary>
/// Writes the frames of one pod as pcapng, each with its verdict as a comment. A frame delivered to the pod was
/// allowed. A frame that the pod sent is allowed when it is seen leaving the node at another port, and denied when the
/// drop log has an entry for it. Frames to the node itself and frames that no rule judges (multicast, ARP) have no
/// comment. Drop log entries about the pod are in the file as an interface of their own. Lost frames are counted in the
/// file. A filter is applied to the frames at the pod's port and to those of the drop log, which have an Ethernet
/// header of zeros. Not thread-safe.
/// </summary>
public sealed class PodCapture : IDisposable
{
    /// <summary>Number of leading bytes of an IP packet by which it is recognised.</summary>
    internal const int KeyLength = 80;

    public const int MaxSnapLength = 65_470;

    /// <summary>Memory of the capture ring in bytes; frames beyond it are lost.</summary>
    private const int RingMemory = 8 << 20;
    private const int FeedCapacity = 8192;

    /// <summary>Maximum bytes of frames read in one step, and of frames that wait for their verdict.</summary>
    private const int MaxStep = 1 << 20, MaxWaiting = 4 << 20;

    /// <summary>Maximum time that a frame waits for its verdict. Long enough for a busy machine.</summary>
    private const long MaxAgeNanoseconds = 200_000_000;

    private readonly PacketRing _ring;
    private readonly DropFeed _drops;
    private readonly FlowLog _flows;
    private readonly HashSet<IpAddressValue> _addresses;
    private readonly FilterProgram? _filter;
    private readonly PcapngWriter _file;
    private readonly Queue<CapturedPacket> _waiting = [];
    private readonly SentFrames _sent = new();
    private readonly InterfaceIndex _port;
    private readonly int _snapLength;
    private readonly PcapngInterface _podInterface, _dropInterface;
    private long _droppedTold, _lostTold, _dropsWritten;
    private int _waitingBytes;

    /// <param name="port">The index of the pod's bridge port.</param>
    /// <param name="bridge">The index of the node's bridge.</param>
    /// <param name="addresses">The addresses of the pod.</param>
    /// <param name="name">The name of the pod, for the file.</param>
    /// <param name="snapLength">Maximum bytes kept of a frame, 14 to <see cref="MaxSnapLength"/>.</param>
    /// <param name="output">Receives the capture file. Closed by <see cref="Dispose"/>.</param>
    /// <param name="filter">Only frames that it accepts are written; null: all frames.</param>
    /// <exception cref="LinuxException">
    /// The kernel refused the filter (EINVAL; ENOMEM: too long) or the ring.
    /// </exception>
    public PodCapture(Netns node, DropLog drops, FlowLog flows, InterfaceIndex port, InterfaceIndex bridge,
        IEnumerable<IPAddress> addresses, string name, int snapLength, Stream output, FilterProgram? filter = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(snapLength, EthernetView.HeaderLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(snapLength, MaxSnapLength);
        (_flows, _port, _snapLength, _filter) = (flows, port, snapLength, filter);
        _addresses = [.. addresses.Select(IpAddressValue.From)];
        _drops = new DropFeed(drops, FeedCapacity);
        try
        {
            var kept = Math.Max(snapLength, EthernetView.HeaderLength + KeyLength);
            _ring = PacketRing.Open(node, CaptureFilter.Around(port, bridge, [.. _addresses], kept, filter),
                InterfaceIndex.None, RingMemory / (kept + 128), kept);
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

    /// <summary>What keeps the pod's packets from taking another way; ends with the capture.</summary>
    public IDisposable? Watch { get; init; }

    /// <summary>Frames written so far, those of the drop log included.</summary>
    public long Written { get; private set; }

    /// <summary>
    /// Reads the pending frames without waiting, and writes those whose verdict is known or no longer awaited.
    /// </summary>
    /// <param name="atMost">Maximum number of frames to write.</param>
    /// <returns>Whether anything was read or written.</returns>
    public bool Advance(long atMost)
    {
        var before = Written;
        var seen = 0;
        // Limited, so that the frames of this step are written before more are read.
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
        Watch?.Dispose();
        _file.Dispose();
    }

    private static long Now => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    private void Take(in CapturedFrame frame)
    {
        var isPods = frame.InterfaceIndex == _port;
        var isOutgoing = frame.Type == PacketType.Outgoing;
        // A frame that leaves the node has passed all rules. A pod's packet to itself leaves by the pod's own port.
        if (isOutgoing) _sent.Settle(SentFrames.Payload(frame.Data), "allowed");
        if (!isPods) return;
        var packet =
            new CapturedPacket(frame.Data.ToArray(), Math.Max(frame.Length, frame.Data.Length),
            frame.TimestampNanoseconds, !isOutgoing);
        // Multicast frames of the node's bridge were not judged.
        if (isOutgoing)
        {
            packet.Verdict = IpView.TryParse(SentFrames.Payload(frame.Data), out var ip)
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
        var verdict = _flows.Scene.Decision(facts, record.Reason)?.ToString() ?? $"denied: {record.Reason}";
        _sent.Settle(record.Packet.Span, verdict);
        Span<byte> frame = stackalloc byte[EthernetView.HeaderLength + 256];
        var length = DroppedFrame.Write(frame, record.Packet.Span);
        if (_filter?.Accepts(frame[..length], length) is false) return;
        var time = (record.Time - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        _file.Write(_dropInterface, time, frame[..Math.Min(length, _snapLength)], length, comment: verdict);
        _dropsWritten++;
        Written++;
    }

    private void WriteSettled(long atMost)
    {
        for (; atMost > 0 && _waiting.TryPeek(out var packet); atMost--)
        {
            if (packet is { Verdict: null, IsSent: true } && _waitingBytes <= MaxWaiting
                && Now - packet.Timestamp < MaxAgeNanoseconds)
            {
                return;
            }
            _waiting.Dequeue();
            _waitingBytes -= packet.Frame.Length;
            if (packet is { Verdict: null, IsSent: true }) _sent.Forget(packet);
            var direction = packet.IsSent ? CaptureDirection.Incoming : CaptureDirection.Outgoing;
            _file.Write(_podInterface, packet.Timestamp,
                packet.Frame.AsSpan(0, Math.Min(packet.Frame.Length, _snapLength)), packet.Length, direction,
                packet.Verdict);
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
