using System.Diagnostics;
using System.Net.Sockets;
using Dataplane.Node.Verification;
using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Live;

/// <content>Verification: what is enforced, proven by packets between the live pods.</content>
public sealed partial class LiveNode
{
    /// <summary>
    /// Sends every probe between every pair of live endpoints, with the controls; leaves the pods' own connections
    /// alone.
    /// </summary>
    /// <exception cref="InvalidOperationException">Nothing is enforced yet.</exception>
    /// <exception cref="SimulatedNodeException">The node has no network that could carry a packet.</exception>
    public VerifyReport Verify(IReadOnlyList<Probe> probes, AddressFamily? only, string? pcapFile,
        IProgress<VerifyProgress>? progress, CancellationToken stop)
    {
        var cluster = RequireEnforced();
        return Verify(cluster, ReachabilityMatrix.Flows(cluster, probes, [], only), pcapFile, progress, stop);
    }

    /// <summary>
    /// As the other overload, for these flows only. A flow with an end that the enforced state does not have, by name,
    /// is left out.
    /// </summary>
    /// <exception cref="InvalidOperationException">Nothing is enforced yet.</exception>
    /// <exception cref="SimulatedNodeException">The node has no network that could carry a packet.</exception>
    public VerifyReport Verify(IReadOnlyList<Flow> flows, CancellationToken stop)
    {
        var cluster = RequireEnforced();
        var pods = cluster.Pods.ToDictionary(p => p.Name, Endpoint (p) => p);
        Flow[] current = [.. flows.Select(f => f with { From = Current(f.From), To = Current(f.To) })];
        return Verify(cluster, current, null, null, stop);

        Endpoint Current(Endpoint end) => end switch
        {
            PodEndpoint => pods.GetValueOrDefault(end.Name, end),
            NodeEndpoint => cluster.Node,
            _ => end,
        };
    }

    /// <summary>
    /// Asks by packets what becomes of packets to Services. A question with an end that is not attached, such as a
    /// backend outside, is left out.
    /// </summary>
    /// <param name="services">Of the cluster that is enforced.</param>
    /// <exception cref="InvalidOperationException">Nothing is enforced yet.</exception>
    /// <exception cref="SimulatedNodeException">The node has no network that could carry a packet.</exception>
    public VerifyReport Verify(IReadOnlyList<ServiceQuestion> services, CancellationToken stop) => Probe(
        RequireEnforced(), services.SelectMany(s => s.Backends.Select(b => b.To).Prepend(s.From)), (run, took) =>
        {
            var (results, controlFailure) = run.Probe(services, null, stop);
            return VerifyReport.OfServices(results, controlFailure, took());
        });

    private VerifyReport Verify(Cluster cluster, IReadOnlyList<Flow> flows, string? pcapFile,
        IProgress<VerifyProgress>? progress, CancellationToken stop) => Probe(
        cluster, flows.SelectMany(f => new[] { f.From, f.To }), (run, took) =>
        {
            var (results, controlFailure) =
                run.Probe(Expectations.Begin(cluster, flows, stop), pcapFile, progress, stop);
            var timings = new VerifyTimings(TimeSpan.Zero, TimeSpan.Zero, took());
            return new VerifyReport(results, controlFailure, _programmer.Warnings, timings);
        });

    private VerifyReport Probe(
        Cluster cluster, IEnumerable<Endpoint> ends, Func<ProbeRun, Func<TimeSpan>, VerifyReport> probe)
    {
        var started = Stopwatch.GetTimestamp();
        using var stations = Stations.Of(_node, cluster, _stranger!, ends);
        try
        {
            _programmer.LogEverything(true);
            var run = new ProbeRun(_node, cluster, stations)
            {
                Drops = Drops, Others = _connections.All(), Traffic = Probes,
            };
            return probe(run, () => Stopwatch.GetElapsedTime(started));
        }
        finally
        {
            _programmer.LogEverything(false);
        }
    }

    private const string NoPackets =
        "the node is simulated: its pods have no network, so that no packet can be sent or seen";

    private Cluster RequireEnforced() => IsSimulated
        ? throw new SimulatedNodeException(NoPackets)
        : _enforced ?? throw new InvalidOperationException("nothing is enforced yet: there is nothing to verify");
}

/// <summary>A simulated node was asked for something that needs packets.</summary>
public sealed class SimulatedNodeException(string message) : Exception(message);
