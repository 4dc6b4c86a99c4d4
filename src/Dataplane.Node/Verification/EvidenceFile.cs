using Dataplane.Linux.Capture;
using Dataplane.Linux.Frames;
using Dataplane.Node.Observation;

namespace Dataplane.Node.Verification;

/// <summary>
/// The packets that prove a verification, as a pcapng file: delivered probes, answers, and dropped probes with the
/// reason.
/// </summary>
internal sealed class EvidenceFile : IDisposable
{
    private readonly PcapngWriter _file;
    private readonly PcapngInterface _ports, _drops;

    /// <exception cref="IOException">The file cannot be written.</exception>
    public EvidenceFile(string path)
    {
        _file = new PcapngWriter(File.Create(path), "dataplane verify");
        _ports = _file.AddInterface("ports", ProbeFrame.SnapLength);
        // tcpdump reads a file only when all its interfaces have one snapshot length.
        _drops = _file.AddInterface("drop log", ProbeFrame.SnapLength);
    }

    public void Add(in CapturedFrame frame, string comment) =>
        _file.Write(_ports, frame.TimestampNanoseconds, frame.Data, Math.Max(frame.Length, frame.Data.Length),
            CaptureDirection.Outgoing, comment);

    public void AddDropped(ReadOnlySpan<byte> packet, string comment)
    {
        Span<byte> frame = stackalloc byte[EthernetView.HeaderLength + 256];
        var length = DroppedFrame.Write(frame, packet);
        var now = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        _file.Write(_drops, now, frame[..length], EthernetView.HeaderLength + packet.Length, comment: comment);
    }

    public void Dispose() => _file.Dispose();
}
