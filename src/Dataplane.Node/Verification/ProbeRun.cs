using System.Net.Sockets;
using Dataplane.Linux.Conntrack;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Observation;
using Dataplane.Policy;

namespace Dataplane.Node.Verification;

/// <summary>Probes on a node whose rules are in force, whoever has put them there.</summary>
/// <param name="stations">A flow of an endpoint that is not among them is left out.</param>
internal sealed class ProbeRun(Netns node, Cluster cluster, Station stranger, IReadOnlyDictionary<Endpoint, Station> stations)
{
    /// <summary>Where the node's drop log has its reader already: two sockets cannot listen to it.</summary>
    public DropLog? Drops { get; init; }

    /// <summary>Connections of others: no probe looks like one of them.</summary>
    public IEnumerable<ConntrackEntry> Others { get; init; } = [];

    /// <summary>Every pair with every probe, in the order of the matrix.</summary>
    public static IReadOnlyList<Flow> Flows(Cluster cluster, IReadOnlyList<Probe> probes, IReadOnlyList<ExternalEndpoint> externals, AddressFamily? only)
    {
        var flows = new List<Flow>();
        ReachabilityMatrix.Compute(cluster, probes, externals, flow =>
        {
            flows.Add(flow);
            return true;
        }, only);
        return flows;
    }

    /// <summary>Results in the order of the flows, and which control failed.</summary>
    public (IReadOnlyList<FlowResult> Results, string? ControlFailure) Probe(
        IReadOnlyList<Flow> asked, string? pcapFile, IProgress<VerifyProgress>? progress, CancellationToken stop)
    {
        var flows = asked.Where(f => stations.ContainsKey(f.From) && stations.ContainsKey(f.To)).ToList();
        using var evidence = pcapFile is null ? null : new EvidenceFile(pcapFile);
        using var prober = new Prober(node, stranger, flows.Exists(f => f.From.IsNodeTraffic() || f.To.IsNodeTraffic()), evidence, Drops,
            [.. Others.SelectMany(c => new[] { c.Original, c.Reply })]);
        // The oracle is slow on purpose; the packets need not wait for it, and leave it a CPU.
        var expected = Task.Run(() => flows.AsParallel().AsOrdered().WithDegreeOfParallelism(Math.Max(1, Environment.ProcessorCount - 1))
            .Select(f => Oracle.Evaluate(cluster, f).Allowed).ToArray(), stop);
        var controlFailure = new Controls(prober, stranger, cluster, stations).Failure();
        var probed = new List<ProbeState>(flows.Count);
        foreach (var chunk in flows.Chunk(Prober.ChunkSize))
        {
            stop.ThrowIfCancellationRequested();
            probed.AddRange(prober.Probe(chunk.Select(f => (f, stations[f.From], stations[f.To]))));
            progress?.Report(new VerifyProgress("probe", probed.Count, flows.Count));
        }
        var results = probed.Zip(expected.GetAwaiter().GetResult(), (p, e) => p.Result(e)).ToList();
        if (prober.Lost > 0) controlFailure ??= $"{prober.Lost} captured frames or drop log entries were lost: the machine is too busy";
        return (results, controlFailure);
    }
}
