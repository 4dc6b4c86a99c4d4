using Dataplane.Linux.Capture;
using Dataplane.Linux.Conntrack;
using Dataplane.Linux.Frames;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Verification;

/// <summary>
/// The probes under way, found by their ids, and the last sentinel behind each lane's. A witness counts only when id,
/// addresses, ports and place all fit: an ICMP error quotes the probe back to its source, and ids alone would take it
/// for a delivery. Nothing is allocated for a probe or for what is said of it. Whoever reads witnesses into it does so
/// alone: see <see cref="Witnesses"/>.
/// </summary>
internal sealed class ProbeLedger(EvidenceFile? evidence)
{
    /// <summary>How many lanes may wait for sentinels of their own.</summary>
    public const int MaxLanes = 16;

    /// <summary>Set in the ids of sentinels; below it comes the lane, then a number.</summary>
    private const uint SentinelBit = 0x8000_0000;

    private const int LaneShift = 27;
    private const uint FirstPort = 1024, Ports = 60_000;

    private readonly uint[] _sentSentinels = new uint[MaxLanes], _seenSentinels = new uint[MaxLanes];
    private ProbeState[] _probes = [];
    private uint _first = 1;

    /// <summary>The probes since <see cref="Begin"/>.</summary>
    public ProbeState[] Probes => _probes;

    /// <summary>Gives these probes their ids and ports; those before them are forgotten.</summary>
    /// <param name="first">The first one's id, below 2^31; the others' follow.</param>
    /// <param name="taken">Connections of others, in either direction: no probe looks like one.</param>
    public void Begin(ProbeState[] probes, uint first, HashSet<ConntrackTuple> taken)
    {
        for (var i = 0; i < probes.Length; i++)
        {
            ref var probe = ref probes[i];
            probe.Id = first + (uint)i;
            // A source port of its own for each probe: none must ride on another's conntrack entry.
            if (probe.Flow.Probe.Protocol != FlowProtocol.Icmp)
                probe.SourcePort = (ushort)(FirstPort + probe.Id % Ports);
            while (taken.Count > 0 && probe.SourcePort != 0 && taken.Contains(Tuple(probe)))
                probe.SourcePort = (ushort)(FirstPort + (probe.SourcePort + Prober.ChunkSize) % Ports);
        }
        (_probes, _first) = (probes, first);
    }

    /// <summary>The id of the sentinel that this lane sends next.</summary>
    public uint NextSentinel(int lane) =>
        SentinelBit | (uint)lane << LaneShift | (++_sentSentinels[lane] & (1u << LaneShift) - 1);

    /// <summary>Whether it was logged. Only a lane's last one is asked for.</summary>
    public bool HasSeen(uint sentinel) => Volatile.Read(ref _seenSentinels[Lane(sentinel)]) == sentinel;

    /// <summary>A probe left the node by this interface.</summary>
    public void Delivered(in ProbeIdentity probe, int interfaceIndex, in CapturedFrame frame)
    {
        if (Find(probe) is not (>= 0 and var index)) return;
        ref var state = ref _probes[index];
        if (state.To.IsNode || state.To.PortIndex != interfaceIndex) return;
        state.Captured = true;
        evidence?.Add(frame, $"delivered: {state.From.Name} -> {state.To.Name}");
    }

    /// <summary>The node itself received a probe, behind its input chain.</summary>
    public void Received(in ProbeIdentity probe)
    {
        if (Find(probe) is >= 0 and var index && _probes[index].To.IsNode) _probes[index].Captured = true;
    }

    /// <summary>An answer to a probe left the node by this interface.</summary>
    public void Replied(in ProbeReply reply, int interfaceIndex, in CapturedFrame frame)
    {
        if (Find(reply.Probe) is not (>= 0 and var index)) return;
        ref var state = ref _probes[index];
        if (state.From.PortIndex != interfaceIndex) return;
        state.Reply = reply.Kind;
        evidence?.Add(frame, $"answer to {state.From.Name} -> {state.To.Name}");
    }

    /// <summary>A rule of ours dropped a probe or a sentinel and logged it.</summary>
    public void Dropped(in ProbeIdentity probe, string reason, ReadOnlySpan<byte> packet)
    {
        if ((probe.Id & SentinelBit) != 0)
        {
            Volatile.Write(ref _seenSentinels[Lane(probe.Id)], probe.Id);
            return;
        }
        if (Find(probe) is not (>= 0 and var index)) return;
        ref var state = ref _probes[index];
        state.DropReason = reason;
        evidence?.AddDropped(packet, $"dropped ({reason}): {state.From.Name} -> {state.To.Name}");
    }

    /// <summary>The connection that a probe makes.</summary>
    public static ConntrackTuple Tuple(in ProbeState probe)
    {
        var flow = probe.Flow;
        var icmp = flow.Probe.Protocol == FlowProtocol.Icmp;
        var tuple =
            new ConntrackTuple(probe.From.IPAddress(flow.Family), probe.To.IPAddress(flow.Family),
            (byte)flow.Probe.Protocol,
            probe.SourcePort, icmp ? (ushort)0 : flow.Probe.Port);
        if (!icmp) return tuple;
        return flow.Family == System.Net.Sockets.AddressFamily.InterNetworkV6
            ? tuple with { Protocol = (byte)IpProtocol.Icmpv6, IcmpId = (ushort)probe.Id,
                IcmpType = 128 }  // ICMPV6_ECHO_REQUEST
            : tuple with { IcmpId = (ushort)probe.Id, IcmpType = 8 };                                       // ICMP_ECHO
    }

    private static uint Lane(uint sentinel) => (sentinel & ~SentinelBit) >> LaneShift;

    private int Find(in ProbeIdentity probe)
    {
        var index = probe.Id - _first;
        return index < _probes.Length && _probes[index].Identity == probe ? (int)index : -1;
    }
}
