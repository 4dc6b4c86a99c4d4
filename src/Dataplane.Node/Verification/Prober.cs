using System.Diagnostics;
using System.Net.Sockets;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Conntrack;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Node.Observation;
using Dataplane.Policy;

namespace Dataplane.Node.Verification;

/// <summary>
/// Sends probes and finds out what became of each. The thread is pinned to one CPU: backlogs are per CPU and keep their order
/// there, so when a sentinel that was sent behind the probes has been dropped and logged by the bridge, every probe before it
/// has been judged. Three sentinels, one after the other, since an answer passes two more backlogs.
/// </summary>
internal sealed class Prober : IDisposable
{
    /// <summary>Below net.core.netdev_max_backlog (1,000), answers included.</summary>
    public const int ChunkSize = 400;

    private const int SentinelRounds = 3;
    private const uint FirstPort = 1024, Ports = 60_000;
    private static readonly TimeSpan SentinelPatience = TimeSpan.FromSeconds(5);

    private readonly Station _stranger;
    private readonly Witnesses _witnesses;
    private readonly ProbeLedger _ledger;
    private readonly FrameBatch _frames = new(ChunkSize);
    private readonly NetlinkSocket _conntrack;
    private readonly Dictionary<AddressFamily, RawIpInjector> _fromNode = [];
    private readonly Netns _node;
    private readonly HashSet<ConntrackTuple> _taken;
    private uint _sentinels;

    /// <param name="drops">See <see cref="Witnesses"/>.</param>
    /// <param name="taken">Connections of others, in either direction: no probe looks like one.</param>
    public Prober(Netns node, Station stranger, bool watchNode, EvidenceFile? evidence, DropLog? drops, HashSet<ConntrackTuple> taken)
    {
        _node = node;
        _taken = taken;
        _stranger = stranger;
        _ledger = new ProbeLedger(evidence);
        _witnesses = new Witnesses(node, watchNode, drops);
        _conntrack = NetlinkSocket.Open(NetlinkProtocol.Netfilter, node);
    }

    /// <summary>Frames and log entries lost so far: a reason for undecided flows.</summary>
    public long Lost => _witnesses.Lost;

    /// <summary>Sends up to <see cref="ChunkSize"/> probes and settles them.</summary>
    public IReadOnlyList<ProbeState> Probe(IEnumerable<(Flow Flow, Station From, Station To)> flows)
    {
        _ledger.Begin();
        using var pinned = CpuPinning.PinCurrentThread();
        Station? sender = null;
        foreach (var (flow, from, to) in flows)
        {
            var state = new ProbeState(flow, BesideOthers(Identity(_ledger.NextId, flow, from, to)), from, to);
            _ledger.Add(state);
            if (sender != from) Flush(sender);
            sender = from;
            if (from.IsNode) SendFromNode(state);
            else _frames.Add(from.Spec(state.Identity));
        }
        Flush(sender);
        if (AwaitSentinels())
            foreach (var probe in _ledger.Probes) probe.Settled = true;
        ForgetConnections();
        return [.. _ledger.Probes];
    }

    public void Dispose()
    {
        foreach (var injector in _fromNode.Values) injector.Dispose();
        _conntrack.Dispose();
        _witnesses.Dispose();
        _frames.Dispose();
    }

    /// <summary>With another source port where it would look like a connection of somebody's.</summary>
    private ProbeIdentity BesideOthers(ProbeIdentity identity)
    {
        while (identity.SourcePort != 0 && _taken.Contains(Tuple(identity)))
            identity = identity with { SourcePort = (ushort)(FirstPort + (identity.SourcePort + ChunkSize) % Ports) };
        return identity;
    }

    private void Flush(Station? sender)
    {
        if (_frames.Count > 0) sender!.Send(_frames);
        _frames.Clear();
    }

    private void SendFromNode(ProbeState state)
    {
        if (!_fromNode.TryGetValue(state.Flow.Family, out var injector))
            _fromNode[state.Flow.Family] = injector = RawIpInjector.Open(_node, state.Flow.Family);
        Span<byte> packet = stackalloc byte[ProbeFrame.MaxLength];
        // A refusal on the spot leaves the probe without evidence, and so undecided: the node may always reach its pods.
        injector.TrySend(packet[..ProbeFrame.WritePacket(packet, state.From.Spec(state.Identity))], out _);
    }

    private bool AwaitSentinels()
    {
        for (var round = 0; round < SentinelRounds; round++)
        {
            var id = ProbeLedger.SentinelBit | ++_sentinels;
            var identity = new ProbeIdentity(id, IpProtocol.Udp, _stranger.Address(AddressFamily.InterNetwork), _stranger.Address(AddressFamily.InterNetwork), 1, 1);
            _frames.Add(_stranger.Spec(identity));
            Flush(_stranger);
            var started = Stopwatch.GetTimestamp();
            while (!_ledger.HasSeen(id))
            {
                _witnesses.DrainLog(TimeSpan.FromMilliseconds(100), _ledger);
                if (Stopwatch.GetElapsedTime(started) > SentinelPatience) return false;
            }
        }
        _witnesses.Drain(_ledger);
        return true;
    }

    /// <summary>Deletes the conntrack entries that these probes made, and no others.</summary>
    private void ForgetConnections()
    {
        var batch = _conntrack.NewBatch(64 * 1024);
        try
        {
            foreach (var probe in _ledger.Probes.Where(p => p.Captured && !_taken.Contains(Tuple(p.Identity)))) ConntrackTable.Delete(ref batch, Tuple(probe.Identity));
            // An entry that is gone already (ENOENT) is as good.
            if (batch.Length > 0) _conntrack.Send(ref batch);
        }
        finally
        {
            batch.Dispose();
        }
    }

    /// <summary>The probe with this id of a flow.</summary>
    public static ProbeIdentity Identity(uint id, Flow flow, Station from, Station to)
    {
        var protocol = (flow.Probe.Protocol, flow.Family) switch
        {
            (FlowProtocol.Icmp, AddressFamily.InterNetworkV6) => IpProtocol.Icmpv6,
            var (p, _) => (IpProtocol)(byte)p,
        };
        var isIcmp = flow.Probe.Protocol == FlowProtocol.Icmp;
        // A source port of its own for each probe: none must ride on another's conntrack entry.
        var port = isIcmp ? (ushort)0 : (ushort)(FirstPort + id % Ports);
        return new ProbeIdentity(id, protocol, from.Address(flow.Family), to.Address(flow.Family), port, isIcmp ? (ushort)0 : flow.Probe.Port);
    }

    /// <summary>The connection that a probe makes.</summary>
    public static ConntrackTuple Tuple(in ProbeIdentity probe)
    {
        var tuple = new ConntrackTuple(probe.Source.ToIPAddress(), probe.Destination.ToIPAddress(), (byte)probe.Protocol, probe.SourcePort, probe.DestinationPort);
        return probe.Protocol switch
        {
            IpProtocol.Icmp => tuple with { IcmpId = (ushort)probe.Id, IcmpType = 8 },      // ICMP_ECHO
            IpProtocol.Icmpv6 => tuple with { IcmpId = (ushort)probe.Id, IcmpType = 128 },  // ICMPV6_ECHO_REQUEST
            _ => tuple,
        };
    }
}
