using System.Diagnostics;
using System.Net.Sockets;
using Dataplane.Node.Verification;
using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;
namespace Dataplane.Node.Live;

/// <content>What is enforced, proven by packets between the live pods.</content>
public sealed partial class LiveNode
{
    /// <summary>Sends every probe between every pair of live endpoints, with the controls; leaves the pods' own connections alone.</summary>
    /// <exception cref="InvalidOperationException">Nothing is enforced yet.</exception>
    /// <exception cref="SimulatedNodeException">There is nothing that could send a packet.</exception>
    public VerifyReport Verify(IReadOnlyList<Probe> probes, AddressFamily? only, string? pcapFile, IProgress<VerifyProgress>? progress, CancellationToken stop)
    {
        var cluster = RequireEnforced();
        return Verify(cluster, ReachabilityMatrix.Flows(cluster, probes, [], only), pcapFile, progress, stop);
    }

    /// <summary>Only these flows. One whose ends are not of the enforced state, by name, is left out.</summary>
    /// <exception cref="InvalidOperationException">Nothing is enforced yet.</exception>
    /// <exception cref="SimulatedNodeException">There is nothing that could send a packet.</exception>
    public VerifyReport Verify(IReadOnlyList<Flow> flows, CancellationToken stop)
    {
        var cluster = RequireEnforced();
        var pods = cluster.Pods.ToDictionary(p => p.Name, Endpoint (p) => p);
        return Verify(cluster, [.. flows.Select(f => f with { From = Current(f.From), To = Current(f.To) })], null, null, stop);

        Endpoint Current(Endpoint end) => end is PodEndpoint ? pods.GetValueOrDefault(end.Name, end) : end is NodeEndpoint ? cluster.Node : end;
    }

    private VerifyReport Verify(Cluster cluster, IReadOnlyList<Flow> flows, string? pcapFile, IProgress<VerifyProgress>? progress, CancellationToken stop)
    {
        var started = Stopwatch.GetTimestamp();
        var stations = new Dictionary<Endpoint, Station> { [cluster.Node] = Station.OfNode(cluster.Node) };
        Station? stranger = null;
        try
        {
            stranger = Station.Of(_stranger!);
            var attached = _node.Attachments.Where(a => a.Endpoint is not null).ToDictionary(a => a.Endpoint!);
            // The controls need one pod of each family, whatever is asked.
            foreach (var end in flows.SelectMany(f => new[] { f.From, f.To }).Concat(AddressFamilies.All.Select(f => Controls.Pod(cluster, f)).OfType<Endpoint>()).Distinct())
            {
                if (attached.TryGetValue(end, out var attachment)) stations[end] = Station.Of(attachment);
                else if (cluster.Pods.Contains(end) && end.IsNodeTraffic()) stations[end] = Station.OfNode(end);
            }
            _programmer.LogEverything(true);
            var (results, controlFailure) = new ProbeRun(_node, cluster, stranger, stations) { Drops = Drops, Others = _connections.All() }
                .Probe(Expectations.Begin(cluster, flows, stop), pcapFile, progress, stop);
            return new VerifyReport(results, controlFailure, _programmer.Warnings, new VerifyTimings(TimeSpan.Zero, TimeSpan.Zero, Stopwatch.GetElapsedTime(started)));
        }
        finally
        {
            Station.Close([.. stations.Values, .. stranger is null ? Array.Empty<Station>() : [stranger]]);
            _programmer.LogEverything(false);
        }
    }

    private const string NoPackets = "the node is simulated: its pods have no network, so that no packet can be sent or seen";

    private Cluster RequireEnforced() => _node.IsSimulated
        ? throw new SimulatedNodeException(NoPackets)
        : _enforced ?? throw new InvalidOperationException("nothing is enforced yet: there is nothing to verify");
}

/// <summary>Asked of a simulated node: what takes packets.</summary>
public sealed class SimulatedNodeException(string message) : Exception(message);
