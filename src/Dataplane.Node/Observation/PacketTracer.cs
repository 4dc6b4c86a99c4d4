using System.Diagnostics;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Conntrack;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Nftables;
using Dataplane.Node.Network;
using Dataplane.Node.Programming;
using Dataplane.Node.Verification;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;
using Dataplane.Rules.Nftables.Ruleset;

namespace Dataplane.Node.Observation;

/// <summary>
/// Sends one crafted packet and follows it rule by rule. It uses the socket that owns the tables: nothing else may program while
/// it runs.
/// </summary>
internal sealed class PacketTracer(BridgeNode node, RulesetProgrammer programmer, DropLog drops, Cluster cluster)
{
    /// <summary>How long to look for a witness before the answer is that there is none.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>How long the end of the story, or an answer to the packet, may follow the witness.</summary>
    private static readonly TimeSpan Epilogue = TimeSpan.FromMilliseconds(100);

    /// <exception cref="UntraceableException">No packet can be sent from there, or nothing would see it arrive.</exception>
    public PacketTrace Trace(Flow flow, CancellationToken stop)
    {
        using var from = Station(flow.From, "can be sent from");
        using var to = Station(flow.To, "would be seen at");
        using var witnesses = new Witnesses(node, watchNode: to.IsNode, drops);
        var ledger = new ProbeLedger(null);
        // Below the bit that marks sentinels, and never 0.
        ProbeState[] probe = [new(flow, from, to)];
        ledger.Begin(probe, (uint)Random.Shared.Next(1, int.MaxValue), []);

        var rules = new RuleBook(programmer.Socket, programmer.Programmed() ?? throw new UntraceableException("nothing is enforced yet"));
        Span<byte> buffer = stackalloc byte[ProbeFrame.MaxLength];
        var packet = buffer[..ProbeFrame.WritePacket(buffer, from.Spec(probe[0].Identity))];
        using var listener = new TraceListener(node.Netns);
        long sent, witnessed;
        try
        {
            // A limit on the drop log must not silence the witness.
            programmer.LogEverything(true);
            using var chain = AddChain(flow.From, packet);
            sent = Send(probe[0], packet);
            Await(() => probe[0].Captured || probe[0].DropReason is not null, Patience);
            witnessed = Stopwatch.GetTimestamp();
            Await(() => probe[0].Captured ? probe[0].Reply is not null : probe[0].DropReason is null || listener.Messages.Any(m => m.Message.Verdict == NftVerdict.Drop), Epilogue);
        }
        finally
        {
            programmer.LogEverything(false);
            Forget(probe[0]);
        }
        listener.Stop();
        // Undecided until the end is witnessed; both witnesses at once contradict each other.
        probe[0].Settled = true;
        return Tell(probe[0], packet, (sent, witnessed), rules, listener);

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

    private Station Station(Endpoint endpoint, string role)
    {
        if (endpoint.IsNodeTraffic()) return Verification.Station.OfNode(endpoint);
        return node.Attachments.FirstOrDefault(a => endpoint.Equals(a.Endpoint)) is { } attachment
            ? Verification.Station.Of(attachment)
            : throw new UntraceableException($"no packet {role} {endpoint.Name}: it is not attached to this node");
    }

    private TraceChain AddChain(Endpoint from, ReadOnlySpan<byte> packet) => from switch
    {
        _ when from.IsNodeTraffic() => TraceChain.Add(programmer, NftFamily.Inet, NftHook.Output, -460, packet),
        PodEndpoint => TraceChain.Add(programmer, NftFamily.Bridge, NftHook.Prerouting, -310, packet),
        _ => TraceChain.Add(programmer, NftFamily.Inet, NftHook.Prerouting, -460, packet),
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

    private PacketTrace Tell(in ProbeState state, ReadOnlySpan<byte> packet, (long Sent, long Witnessed) times, RuleBook rules, TraceListener listener)
    {
        var flow = state.Flow;
        var verdict = Oracle.Evaluate(cluster, flow);
        var steps = new List<PacketStep> { new(TimeSpan.Zero, Place(flow.From), FrameText.SummarisePacket(packet)) };
        var messages = listener.Messages.Where(m => m.Message.Chain != TraceChain.Name).ToList();
        foreach (var (timestamp, message) in messages)
            steps.Add(new PacketStep(Stopwatch.GetElapsedTime(times.Sent, timestamp), $"{message.Family.ToString().ToLowerInvariant()} {message.Chain}", rules.Text(message) + Allowed(message, verdict)));
        if (listener.HasLost) steps.Add(new PacketStep(Last(), "trace", "some messages of the kernel were lost"));
        var result = state.Result(verdict.Allowed);
        steps.Add(result.Measured switch
        {
            Measured.Allowed => new PacketStep(Last(), Place(flow.To), result.Reply is { } reply ? $"arrived; answered with {reply}" : "arrived"),
            Measured.Denied => new PacketStep(Last(), "drop log", Denied(state.DropReason!, verdict)),
            _ => new PacketStep(Last(), "nowhere", "neither captured nor in the drop log"),
        });
        return new PacketTrace(flow, result.Measured, result.Evidence, steps);

        // The witness may have been read before the last message was.
        TimeSpan Last() => Stopwatch.GetElapsedTime(times.Sent, messages.Count == 0 ? times.Witnessed : Math.Max(times.Witnessed, messages[^1].Timestamp));
    }

    private static string Place(Endpoint endpoint) => endpoint.IsNodeTraffic() ? endpoint.Name : $"{endpoint.Name} eth0";

    private static string Denied(string reason, Verdict verdict)
    {
        var decision = reason switch
        {
            DropReason.Egress or DropReason.EgressTier => FlowScene.Decision(verdict.Leaving, "egress"),
            DropReason.Ingress or DropReason.IngressTier => FlowScene.Decision(verdict.Entering, "ingress"),
            _ => null,
        };
        return decision?.ToString() ?? $"denied: {reason}";
    }

    /// <summary>Behind the rule that lets a flow leave or enter: the policy that it stands for.</summary>
    private static string Allowed(in NftTraceMessage message, Verdict verdict)
    {
        if (message.Type != NftTraceType.Rule || message.Target is null) return "";
        var side = message.Chain.StartsWith(SetNames.Egress.Direction, StringComparison.Ordinal) && message.Target.StartsWith("ingress_gate", StringComparison.Ordinal)
            ? verdict.Leaving
            : message.Chain.StartsWith(SetNames.Ingress.Direction, StringComparison.Ordinal) && message.Target is "stamp" or "admit" ? verdict.Entering : null;
        return side is { Allowed: true, DecidedBy: { } rule } ? $"  ({rule.Policy.Name} {rule.Position.File}:{rule.Position.Line})" : "";
    }
}
