using System.Diagnostics;
using System.Net;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Conntrack;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Node.Observation;
using Dataplane.Node.Ports;
using Dataplane.Node.Programming;
using Dataplane.Node.Programming.Tracing;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;
using Dataplane.Policy.Services;
using Dataplane.Rules.Shape;

namespace Dataplane.Node.Verification;

/// <summary>
/// Sends one crafted packet and follows it rule by rule. It uses the socket that owns the tables, so nothing else may
/// program the node meanwhile.
/// </summary>
internal sealed class PacketTracer(
    NodePorts node, RulesetProgrammer programmer, DropLog drops, Cluster cluster, ProbeTraffic traffic)
{
    /// <summary>How long to wait for a witness before the answer is that there is none.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>How long after the witness the last rule, or an answer to the packet, may come.</summary>
    private static readonly TimeSpan Epilogue = TimeSpan.FromMilliseconds(100);

    /// <exception cref="UntraceableException">
    /// No packet can be sent from there, or nothing would see it arrive.
    /// </exception>
    public PacketTrace Trace(Flow flow, CancellationToken stop)
    {
        using var from = StationOf(flow.From, "can be sent from");
        using var to = StationOf(flow.To, "would be seen at");
        return Trace(new ProbeState(flow, from, to), null, stop);
    }

    /// <summary>The same for a packet to a Service; which backend it reaches is a matter of chance.</summary>
    /// <inheritdoc cref="Trace(Flow, CancellationToken)"/>
    public PacketTrace Trace(ServiceQuestion question, CancellationToken stop)
    {
        using var from = StationOf(question.From, "can be sent from");
        var backends = question.Backends.Select(b => (b.Backend, StationOf(b.To, "would be seen at"))).ToList();
        try
        {
            var to = new ExternalEndpoint(question.Frontend.Address);
            var flow = new Flow(question.From, to, question.Frontend.Probe, question.Family);
            return Trace(new ProbeState(flow, from, Station.OfService(to))
            {
                Pool = new PoolStations([.. backends.Select(b => PoolStation.Of(b.Backend, b.Item2))]),
            }, question, stop);
        }
        finally
        {
            foreach (var (_, station) in backends) station.Dispose();
        }
    }

    private PacketTrace Trace(ProbeState asked, ServiceQuestion? question, CancellationToken stop)
    {
        var (flow, from) = (asked.Flow, asked.From);
        using var witnesses = new Witnesses(node, watchNode: asked.To.IsNode || question is not null, drops);
        var ledger = new ProbeLedger(null, traffic);
        // Below the bit that marks sentinels, and never 0.
        ProbeState[] probe = [asked];
        ledger.Begin(probe, (uint)Random.Shared.Next(1, int.MaxValue), []);

        var programmed = programmer.Programmed() ?? throw new UntraceableException("nothing is enforced yet");
        Span<byte> buffer = stackalloc byte[ProbeFrame.MaxLength];
        var packet = buffer[..ProbeFrame.WritePacket(buffer, from.Spec(probe[0].Identity))];
        using var trace = new RuleTrace(programmer, programmed, node.Netns);
        long sent, witnessed;
        try
        {
            // A limit of the drop log must not silence the witness.
            programmer.LogEverything(true);
            using var following = trace.Follow(OriginOf(flow.From), packet);
            sent = Send(probe[0], packet);
            Await(() => probe[0].Captured || probe[0].DropReason is not null
                || (question is not null && probe[0].Reply is not null), Patience);
            witnessed = Stopwatch.GetTimestamp();
            Await(() =>
                probe[0].Captured ? probe[0].Reply is not null : probe[0].DropReason is null
                || trace.HasDropped, Epilogue);
        }
        finally
        {
            programmer.LogEverything(false);
            Forget(probe[0]);
        }
        trace.Stop();
        // Undecided until the end is witnessed; both witnesses at once contradict each other.
        probe[0].Settled = true;
        return Describe(probe[0], question, packet, (sent, witnessed), trace);

        void Await(Func<bool> condition, TimeSpan patience)
        {
            var started = Stopwatch.GetTimestamp();
            while (!condition() && Stopwatch.GetElapsedTime(started) < patience)
            {
                stop.ThrowIfCancellationRequested();
                witnesses.Drain(ledger);
                Thread.Yield();
            }
        }
    }

    private Station StationOf(Endpoint endpoint, string role)
    {
        if (endpoint.IsNodeTraffic()) return Station.OfNode(endpoint);
        return node.Attachments.FirstOrDefault(a => endpoint.Equals(a.Endpoint)) is { } attachment
            ? Station.Of(attachment)
            : throw new UntraceableException($"no packet {role} {endpoint.Name}: it is not attached to this node");
    }

    private static TraceOrigin OriginOf(Endpoint from) => from switch
    {
        _ when from.IsNodeTraffic() => TraceOrigin.Node,
        PodEndpoint => TraceOrigin.Pod,
        _ => TraceOrigin.Outside,
    };

    private long Send(in ProbeState state, ReadOnlySpan<byte> packet)
    {
        var from = state.From;
        if (from.IsNode)
        {
            using var injector = RawIpInjector.Open(node.Netns, state.Flow.Family);
            var now = Stopwatch.GetTimestamp();
            injector.TrySend(packet, out _);
            return now;
        }
        using var frames = new FrameBatch(1);
        frames.Add(from.Spec(state.Identity));
        var started = Stopwatch.GetTimestamp();
        from.Send(frames);
        return started;
    }

    private void Forget(in ProbeState state)
    {
        using var socket = NetlinkSocket.Open(NetlinkProtocol.Netfilter, node.Netns);
        using var batch = socket.NewBatch();
        ConntrackTable.Delete(batch, ProbeLedger.Tuple(state));
        socket.Commit("forget the traced connection", batch, tolerate: Errno.ENOENT);
    }

    private PacketTrace Describe(in ProbeState state, ServiceQuestion? question, ReadOnlySpan<byte> packet,
        (long Sent, long Witnessed) times, RuleTrace trace)
    {
        var flow = state.Flow;
        var backend = state.Backend is { } chosen ? question?.Backends[chosen] : null;
        // What policies judge: behind the translation, where there is one.
        var judged = question is null ? flow : backend is null ? (Flow?)null
            : ServiceFlow.Judged(cluster, flow.From, flow.Probe.Protocol, backend.Backend);
        var verdict = judged is { } known ? Oracle.Evaluate(cluster, known) : null;
        var rules = trace.Rules;
        List<PacketStep> steps =
        [
            new(TimeSpan.Zero, Place(flow.From), FrameText.SummarisePacket(packet)),
            .. rules.Select(rule => new PacketStep(
                Stopwatch.GetElapsedTime(times.Sent, rule.Timestamp), rule.Place,
                    rule.Text + Policy(rule.Allowed, verdict))),
        ];
        // The witness may have been read before the last message was.
        var end = rules.Count == 0 ? times.Witnessed : Math.Max(times.Witnessed, rules[^1].Timestamp);
        var last = Stopwatch.GetElapsedTime(times.Sent, end);
        if (trace.HasLost) steps.Add(new PacketStep(last, "trace", "some messages of the kernel were lost"));
        if (backend is not null)
        {
            var destination = new IPEndPoint(backend.Backend.Address, backend.Backend.Port);
            steps.Add(new PacketStep(last, "translated", $"to {destination}, which is {backend.To.Name}"));
        }
        var result = state.Result(verdict?.Allowed is true);
        steps.Add(result.Measured switch
        {
            Measured.Allowed => new PacketStep(last, Place(backend?.To ?? flow.To),
                result.Reply is { } reply ? $"arrived; answered with {reply}" : "arrived"),
            Measured.Denied => new PacketStep(last, "drop log", Denied(state.DropReason!, verdict)),
            Measured.Refused => new PacketStep(last, Place(flow.From),
                $"the node answered with {result.Reply}: nothing is behind the Service"),
            _ => new PacketStep(last, "nowhere", "neither captured nor in the drop log"),
        });
        return new PacketTrace(flow, result.Measured, result.Evidence, steps);
    }

    private static string Place(Endpoint endpoint) =>
        endpoint.IsNodeTraffic() ? endpoint.Name : $"{endpoint.Name} eth0";

    private static string Denied(string reason, Verdict? verdict)
    {
        var decision = verdict is null ? null : reason switch
        {
            DropReason.Egress or DropReason.EgressTier => FlowScene.Decision(verdict.Leaving, "egress"),
            DropReason.Ingress or DropReason.IngressTier => FlowScene.Decision(verdict.Entering, "ingress"),
            _ => null,
        };
        return decision?.ToString() ?? $"denied: {reason}";
    }

    /// <summary>Behind a rule that lets a flow leave or enter: the policy that the rule stands for.</summary>
    private static string Policy(AllowedSide? allowed, Verdict? verdict)
    {
        var side = allowed switch
        {
            AllowedSide.Leaving => verdict?.Leaving,
            AllowedSide.Entering => verdict?.Entering,
            _ => null,
        };
        return side is { Allowed: true, DecidedBy: { } rule }
            ? $"  ({rule.Policy.Name} {rule.Position.File}:{rule.Position.Line})" : "";
    }
}
