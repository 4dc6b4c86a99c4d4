using Dataplane.Linux.Conntrack;
using Dataplane.Node.Observation;
using Dataplane.Node.Ports;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Verification;

/// <summary>Probes a node whose rules are in force.</summary>
/// <param name="stations">A flow of an endpoint that is not among them is left out.</param>
internal sealed class ProbeRun(NodePorts node, Cluster cluster, Stations stations)
{
    /// <summary>
    /// The existing reader of the node's drop log; null: this run opens its own. Two sockets cannot listen to it.
    /// </summary>
    public DropLog? Drops { get; init; }

    /// <summary>Existing connections: no probe gets the tuple of one of them.</summary>
    public IEnumerable<ConntrackEntry> Others { get; init; } = [];

    /// <summary>Told which connections are the probes'; null: nobody asks.</summary>
    public ProbeTraffic? Traffic { get; init; }

    /// <summary>Returns the results in the order of the flows, and the control that failed; null: none.</summary>
    public (IReadOnlyList<FlowResult> Results, string? ControlFailure) Probe(
        Expectations asked, string? pcapFile, IProgress<VerifyProgress>? progress, CancellationToken stop)
    {
        var (probes, places) = Probes(asked.Flows);
        var controlFailure = Send(probes, pcapFile, progress, stop);
        var expected = asked.Allowed();
        var results = new FlowResult[probes.Length];
        for (var i = 0; i < results.Length; i++) results[i] = probes[i].Result(expected[places[i]]);
        return (results, controlFailure);
    }

    /// <summary>
    /// The same for Services. A question with an end that has no station is left out: <see cref="ServiceQuestion"/>.
    /// </summary>
    public (IReadOnlyList<ServiceResult> Results, string? ControlFailure) Probe(
        IReadOnlyList<ServiceQuestion> asked, IProgress<VerifyProgress>? progress, CancellationToken stop)
    {
        var services = ServiceProbes.Of(asked, stations);
        var controlFailure = Send(services.Probes, null, progress, stop);
        return (services.Results(), controlFailure);
    }

    private string? Send(
        ProbeState[] probes, string? pcapFile, IProgress<VerifyProgress>? progress, CancellationToken stop)
    {
        using var evidence = pcapFile is null ? null : new EvidenceFile(pcapFile);
        using var prober = new Prober(node, stations.Stranger, Array.Exists(probes, p => p.From.IsNode || p.To.IsNode),
            evidence, Drops, [.. Others.SelectMany(c => new[] { c.Original, c.Reply })], Traffic);
        var controlFailure = new Controls(prober, cluster, stations).Failure();
        Action<int>? report = progress is null ? null : done =>
            progress.Report(new VerifyProgress("probe", done, probes.Length));
        prober.Probe(probes, report, stop);
        return controlFailure ?? (prober.Lost == 0 ? null
            : $"{prober.Lost} captured frames or drop log entries were lost: the machine is too busy");
    }

    /// <summary>A probe for each flow whose ends have stations, and the flow's index in the list.</summary>
    private (ProbeState[] Probes, int[] Places) Probes(IReadOnlyList<Flow> flows)
    {
        var (probes, places, count) = (new ProbeState[flows.Count], new int[flows.Count], 0);
        for (var i = 0; i < flows.Count; i++)
        {
            if (!stations.TryGet(flows[i].From, out var from) || !stations.TryGet(flows[i].To, out var to)) continue;
            probes[count] = new ProbeState(flows[i], from, to);
            places[count++] = i;
        }
        return (probes[..count], places);
    }
}
