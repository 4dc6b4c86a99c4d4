using System.Net.Sockets;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Nflog;
using Dataplane.Node.Verification;
using Dataplane.Planning;
using Dataplane.Policy.Model;
using Dataplane.Rules.Shape;
using Dataplane.Testing.Clusters;

namespace Dataplane.Integration.Verification;

/// <summary>
/// What a probe costs, in counts that no other load changes: a verification of a large cluster hangs on them.
/// </summary>
public sealed class ProbeCostTests
{
    private static readonly Probe[] Probes = [new(FlowProtocol.Tcp, 80), new(FlowProtocol.Udp, 53)];

    [Fact]
    public void Nothing_is_allocated_for_a_probe()
    {
        var cluster = Pods().Cluster;
        using var session = NodeSession.Open(cluster, NodeOptions.Default, []);
        var stations = session.Node.Attachments.Where(a => a.Endpoint is not null)
            .ToDictionary(a => a.Endpoint!, Station.Of);
        using var stranger = Station.Of(session.Node.Attachments.Single(a => a.Endpoint is null));
        using var witnesses = new Witnesses(session.Node, watchNode: false, drops: null);
        var ledger = new ProbeLedger(null);
        using var lane = new ProbeLane(0, session.Node.Netns, stranger, witnesses, ledger);
        try
        {
            using var pinned = CpuPinning.PinCurrentThread();
            // The first rounds open sockets and meet every reason for the first time.
            for (var round = 0; round < 2; round++) Send();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var probes = Send();
            var each = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)probes.Length;
            Assert.All(probes, p => Assert.True(p.Settled && p.Captured == (p.DropReason is null)));
            Assert.InRange(probes.Count(p => p.Captured), 50, probes.Length - 50);
            // The array of the probes is the test's, most of the rest a chunk's: not the smallest object for each. What
            // a reset has ended (one probe in four here) is no longer there to be deleted, and the kernel's answer to
            // that is kept as an error.
            Assert.InRange(each - System.Runtime.CompilerServices.Unsafe.SizeOf<ProbeState>(), 0, 23);
        }
        finally
        {
            Station.Close(stations.Values);
        }
        ThreadHome.AssertAllHome();

        ProbeState[] Send()
        {
            var probes = new ProbeState[Prober.ChunkSize];
            for (var i = 0; i < probes.Length; i++)
            {
                var (from, to) = (cluster.Pods[i / 4 % 10], cluster.Pods[i / 40]);
                probes[i] = new ProbeState(new Flow(from, to, Probes[i % 2],
                    i / 2 % 2 == 0 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6), stations[from],
                    stations[to]);
            }
            ledger.Begin(probes, 1, []);
            lane.Probe(probes, []);
            return probes;
        }
    }

    [Fact]
    public void Log_entries_come_many_at_a_time_until_each_is_wanted_at_once()
    {
        var cluster = Pods().Cluster;
        using var session = NodeSession.Open(cluster, NodeOptions.Default, []);
        using var stranger = Station.Of(session.Node.Attachments.Single(a => a.Endpoint is null));
        using var log = NflogReader.Open(session.Node.Netns, NodeShape.Default.LogGroup);
        using var frames = new FrameBatch(128);
        log.Gather(64);
        Send(128);
        log.Gather(1);
        // It takes along what is gathered: nothing has to be waited for.
        Send(1);
        var entries = 0;
        while (entries < 129 && log.Receive(TimeSpan.FromSeconds(10), (scoped in _) => entries++) > 0)
        {
        }
        Assert.Equal((129, 0L, 0L), (entries, log.Lost, log.Overruns));
        Assert.InRange(log.Datagrams, 1, 32);
        ThreadHome.AssertAllHome();

        void Send(int count)
        {
            frames.Clear();
            var from = stranger.Address(AddressFamily.InterNetwork);
            for (uint i = 1; i <= count; i++)
                frames.Add(stranger.Spec(new ProbeIdentity(i, IpProtocol.Udp, from, from, 1, 1)));
            using var pinned = CpuPinning.PinCurrentThread();
            stranger.Send(frames);
        }
    }

    /// <summary>Ten pods, of which half take nothing.</summary>
    private static Lab Pods() =>
        Enumerable.Range(0, 10).Aggregate(new Lab().Namespace("x"), (lab, i) => lab.Pod($"x/p{i}", $"app=a{i % 2}"))
        .Policy("x/closed", "app=a0", ingress: []);
}
