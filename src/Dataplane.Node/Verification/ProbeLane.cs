using System.Diagnostics;
using System.Net.Sockets;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Conntrack;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Policy.Model;
namespace Dataplane.Node.Verification;

/// <summary>
/// Sends probes from one CPU and settles them. The thread is pinned: backlogs are per CPU and keep their order, so once
/// the bridge has dropped and logged a sentinel that was sent behind the probes, every probe before it has been judged.
/// Three sentinels go one after the other, since an answer passes two more backlogs. Lanes share the witnesses: a lane
/// that waits reads for all of them.
/// </summary>
internal sealed class ProbeLane(int number, Netns node, Station stranger, Witnesses witnesses, ProbeLedger ledger)
    : IDisposable
{
    private const int SentinelRounds = 3;
    private static readonly TimeSpan SentinelPatience = TimeSpan.FromSeconds(5), Step = TimeSpan.FromMilliseconds(100);

    private readonly FrameBatch _frames = new(Prober.ChunkSize);
    private readonly NetlinkSocket _conntrack = NetlinkSocket.Open(NetlinkProtocol.Netfilter, node);
    private readonly PerFamily<Lazy<RawIpInjector>> _fromNode =
        PerFamily.Of(family => new Lazy<RawIpInjector>(() => RawIpInjector.Open(node, family)));

    /// <summary>
    /// Sends up to <see cref="Prober.ChunkSize"/> probes and settles them. The calling thread must be pinned.
    /// </summary>
    public void Probe(Span<ProbeState> probes, HashSet<ConntrackTuple> taken)
    {
        Station? sender = null;
        foreach (ref readonly var probe in probes)
        {
            if (sender != probe.From) Flush(sender);
            sender = probe.From;
            if (sender.IsNode) SendFromNode(probe);
            else _frames.Add(sender.Spec(probe.Identity));
        }
        Flush(sender);
        if (AwaitSentinels())
            foreach (ref var probe in probes) probe.Settled = true;
        ForgetConnections(probes, taken);
    }

    public void Dispose()
    {
        foreach (var family in AddressFamilies.All)
            if (_fromNode[family] is { IsValueCreated: true } injector) injector.Value.Dispose();
        _conntrack.Dispose();
        _frames.Dispose();
    }

    private void Flush(Station? sender)
    {
        if (_frames.Count > 0) sender!.Send(_frames);
        _frames.Clear();
    }

    private void SendFromNode(in ProbeState probe)
    {
        var injector = _fromNode[probe.Flow.Family].Value;
        Span<byte> packet = stackalloc byte[ProbeFrame.MaxLength];
        // A send that is refused at once leaves the probe without evidence, hence undecided: the node may always reach
        // its pods.
        injector.TrySend(packet[..ProbeFrame.WritePacket(packet, probe.From.Spec(probe.Identity))], out _);
    }

    private bool AwaitSentinels()
    {
        using var immediate = witnesses.LogAtOnce();
        var from = stranger.Address(AddressFamily.InterNetwork);
        for (var round = 0; round < SentinelRounds; round++)
        {
            var id = ledger.NextSentinel(number);
            _frames.Add(stranger.Spec(new ProbeIdentity(id, IpProtocol.Udp, from, from, 1, 1)));
            Flush(stranger);
            var started = Stopwatch.GetTimestamp();
            while (!ledger.HasSeen(id))
            {
                // Computed before reading: on a busy machine this thread may have been paused, and the log may have the
                // entry.
                var overdue = Stopwatch.GetElapsedTime(started) > SentinelPatience;
                witnesses.DrainLog(overdue ? TimeSpan.Zero : Step, ledger);
                if (overdue && !ledger.HasSeen(id)) return false;
            }
        }
        witnesses.Drain(ledger);
        return true;
    }

    /// <summary>
    /// Deletes the conntrack entries that these probes made, and no others. Dropped probes have made none.
    /// </summary>
    private void ForgetConnections(ReadOnlySpan<ProbeState> probes, HashSet<ConntrackTuple> taken)
    {
        using var batch = _conntrack.NewBatch(64 * 1024);
        foreach (ref readonly var probe in probes)
        {
            if (probe.DropReason is not null && !probe.Captured) continue;
            var tuple = ProbeLedger.Tuple(probe);
            if (!taken.Contains(tuple)) ConntrackTable.Delete(batch, tuple, answered: false);
        }
        // An entry that no longer exists (ENOENT) is no error.
        if (batch.Length > 0) _conntrack.Send(batch);
    }
}
