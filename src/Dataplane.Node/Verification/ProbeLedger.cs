using Dataplane.Linux.Capture;
using Dataplane.Linux.Frames;

namespace Dataplane.Node.Verification;

/// <summary>
/// The probes under way and the sentinels behind them. A witness counts only when id, addresses, ports and place all fit: an
/// ICMP error quotes the probe back to its source, and ids alone would take it for a delivery.
/// </summary>
internal sealed class ProbeLedger(EvidenceFile? evidence)
{
    /// <summary>Set in the ids of sentinels.</summary>
    public const uint SentinelBit = 0x8000_0000;

    private readonly HashSet<uint> _sentinels = [];
    private readonly List<ProbeState> _probes = [];

    /// <summary>The probes since <see cref="Begin"/>.</summary>
    public IReadOnlyList<ProbeState> Probes => _probes;

    /// <summary>The id that the next probe must have.</summary>
    public uint NextId { get; private set; } = 1;

    public void Begin()
    {
        _probes.Clear();
        _sentinels.Clear();
    }

    public void Add(ProbeState probe)
    {
        _probes.Add(probe);
        NextId = (NextId + 1) & ~SentinelBit;
        if (NextId == 0) NextId = 1;
    }

    public bool HasSeen(uint sentinel) => _sentinels.Contains(sentinel);

    /// <summary>A probe left the node by this interface.</summary>
    public void Delivered(in ProbeIdentity probe, int interfaceIndex, in CapturedFrame frame)
    {
        if (Find(probe) is not { } state || state.To.IsNode || state.To.PortIndex != interfaceIndex) return;
        state.Captured = true;
        evidence?.Add(frame, $"delivered: {state.From.Name} -> {state.To.Name}");
    }

    /// <summary>The node itself received a probe, behind its input chain.</summary>
    public void Received(in ProbeIdentity probe)
    {
        if (Find(probe) is { To.IsNode: true } state) state.Captured = true;
    }

    /// <summary>An answer to a probe left the node by this interface.</summary>
    public void Replied(in ProbeReply reply, int interfaceIndex, in CapturedFrame frame)
    {
        if (Find(reply.Probe) is not { } state || state.From.PortIndex != interfaceIndex) return;
        state.Reply = reply.Kind;
        evidence?.Add(frame, $"answer to {state.From.Name} -> {state.To.Name}");
    }

    /// <summary>A rule of ours dropped a probe or a sentinel and logged it.</summary>
    public void Dropped(in ProbeIdentity probe, string reason, ReadOnlySpan<byte> packet)
    {
        if ((probe.Id & SentinelBit) != 0)
        {
            _sentinels.Add(probe.Id);
            return;
        }
        if (Find(probe) is not { } state) return;
        state.DropReason = reason;
        evidence?.AddDropped(packet, $"dropped ({reason}): {state.From.Name} -> {state.To.Name}");
    }

    private ProbeState? Find(in ProbeIdentity probe)
    {
        if (_probes.Count == 0) return null;
        var index = probe.Id - _probes[0].Identity.Id;
        return index < _probes.Count && _probes[(int)index] is var state && state.Identity == probe ? state : null;
    }
}
