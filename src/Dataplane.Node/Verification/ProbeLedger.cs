using Dataplane.Linux.Capture;
using Dataplane.Linux.Conntrack;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Observation;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Verification;

/// <summary>
/// The probes under way, found by their ids, and the last sentinel of each lane. A report of a witness counts only if
/// id, addresses, ports and interface all match: an ICMP error quotes the probe to its source, and by the id alone
/// would be taken for a delivery. Nothing is allocated for a probe or a report. Reports must come from one thread at a
/// time: see <see cref="Witnesses"/>.
/// </summary>
/// <param name="traffic">Told which connections the probes make; null: nobody asks.</param>
internal sealed class ProbeLedger(EvidenceFile? evidence, ProbeTraffic? traffic = null)
{
    /// <summary>Maximum number of lanes, each with sentinels of its own.</summary>
    public const int MaxLanes = 16;

    /// <summary>Set in the ids of sentinels. The bits below it are the lane, then a number.</summary>
    private const uint SentinelBit = 0x8000_0000;

    private const int LaneShift = 27;
    private const uint FirstPort = 1024, Ports = 60_000;

    private readonly uint[] _sentSentinels = new uint[MaxLanes], _seenSentinels = new uint[MaxLanes];
    private ProbeState[] _probes = [];
    private uint _first = 1;

    /// <summary>The probes since <see cref="Begin"/>.</summary>
    public ProbeState[] Probes => _probes;

    /// <summary>Replaces the probes of the last call with these, and gives them ids and source ports.</summary>
    /// <param name="first">The id of the first probe, below 2^31; the others follow.</param>
    /// <param name="taken">Tuples of existing connections, in both directions: no probe gets one of them.</param>
    public void Begin(ProbeState[] probes, uint first, HashSet<ConntrackTuple> taken)
    {
        for (var i = 0; i < probes.Length; i++)
        {
            ref var probe = ref probes[i];
            probe.Id = first + (uint)i;
            // Each probe has a source port of its own: with a shared one it would match another probe's conntrack
            // entry.
            if (probe.Flow.Probe.Protocol != FlowProtocol.Icmp)
                probe.SourcePort = (ushort)(FirstPort + probe.Id % Ports);
            while (taken.Count > 0 && probe.SourcePort != 0 && taken.Contains(Tuple(probe)))
                probe.SourcePort = (ushort)(FirstPort + (probe.SourcePort + Prober.ChunkSize) % Ports);
        }
        (_probes, _first) = (probes, first);
        traffic?.Begin([.. probes.Select(p => Tuple(p))]);
    }

    /// <summary>The id of the sentinel that this lane sends next.</summary>
    public uint NextSentinel(int lane) =>
        SentinelBit | (uint)lane << LaneShift | (++_sentSentinels[lane] & (1u << LaneShift) - 1);

    /// <summary>
    /// Whether the drop of this sentinel has been logged. Valid for the last sentinel of a lane only.
    /// </summary>
    public bool HasSeen(uint sentinel) => Volatile.Read(ref _seenSentinels[Lane(sentinel)]) == sentinel;

    /// <summary>Reports that a probe left the node by this interface.</summary>
    public void Delivered(in ProbeIdentity probe, InterfaceIndex port, in CapturedFrame frame)
    {
        if (Find(probe) is not (>= 0 and var index)) return;
        ref var state = ref _probes[index];
        if (state.Pool is not null) Chosen(ref state, probe, port);
        else if (state.To.IsNode || state.To.PortIndex != port) return;
        else state.Captured = true;
        evidence?.Add(frame, $"delivered: {state.From.Name} -> {state.To.Name}");
    }

    /// <summary>Reports that the node itself received a probe, behind its input chain.</summary>
    public void Received(in ProbeIdentity probe)
    {
        if (Find(probe) is not (>= 0 and var index)) return;
        ref var state = ref _probes[index];
        if (state.Pool is not null) Chosen(ref state, probe, InterfaceIndex.None);
        else if (state.To.IsNode) state.Captured = true;
    }

    /// <summary>Reports that the node itself received an answer to a probe that it had sent.</summary>
    public void Answered(in ProbeReply reply)
    {
        if (Find(reply.Probe) is >= 0 and var index && _probes[index].From.IsNode)
            _probes[index].Reply = reply.Kind;
    }

    /// <summary>Reports that an answer to a probe left the node by this interface.</summary>
    public void Replied(in ProbeReply reply, InterfaceIndex port, in CapturedFrame frame)
    {
        if (Find(reply.Probe) is not (>= 0 and var index)) return;
        ref var state = ref _probes[index];
        if (state.From.PortIndex != port) return;
        state.Reply = reply.Kind;
        evidence?.Add(frame, $"answer to {state.From.Name} -> {state.To.Name}");
    }

    /// <summary>Reports that a rule of ours dropped and logged a probe or a sentinel.</summary>
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
        if (state.Pool?.Find(probe) is >= 0 and var backend) state.Backend = backend;
        evidence?.AddDropped(packet, $"dropped ({reason}): {state.From.Name} -> {state.To.Name}");
    }

    /// <summary>The connection that a probe makes.</summary>
    public static ConntrackTuple Tuple(in ProbeState probe)
    {
        var (flow, family) = (probe.Flow, probe.Flow.Family);
        var (from, to) = (probe.From.IPAddress(family), probe.To.IPAddress(family));
        if (flow.Probe.Protocol != FlowProtocol.Icmp)
            return new ConntrackTuple(from, to, (byte)flow.Probe.Protocol, probe.SourcePort, flow.Probe.Port);
        return new ConntrackTuple(from, to, (byte)IcmpNumbers.Protocol[family], 0, 0)
        {
            IcmpId = (ushort)probe.Id, IcmpType = IcmpNumbers.EchoRequest[family],
        };
    }

    private static uint Lane(uint sentinel) => (sentinel & ~SentinelBit) >> LaneShift;

    /// <summary>A packet to a Service arrived: at a backend of its pool, or where it should not be.</summary>
    private static void Chosen(ref ProbeState state, in ProbeIdentity probe, InterfaceIndex port)
    {
        // A program that sends back what it gets: an answer, which is nobody's delivery.
        if (probe.DestinationPort == state.SourcePort && probe.Destination == state.Identity.Source) return;
        var backend = state.Pool!.Find(probe);
        if (backend < 0 || !state.Pool.IsAt(backend, port) || (state.Backend ?? backend) != backend)
        {
            state.Strayed = true;
            return;
        }
        (state.Backend, state.Captured) = (backend, true);
    }

    /// <summary>
    /// A probe is found by its id, and is it only if everything else is as it was sent. One to a Service may have
    /// another destination, and to itself another source: there the caller looks at the destination.
    /// </summary>
    private int Find(in ProbeIdentity probe)
    {
        var index = probe.Id - _first;
        if (index >= _probes.Length) return -1;
        ref readonly var state = ref _probes[index];
        return state.Identity == probe || (state.Pool is not null && state.Identity.Protocol == probe.Protocol)
            ? (int)index : -1;
    }
}
