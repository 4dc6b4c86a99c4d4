using System.Net.Sockets;
using Dataplane.Policy.Model;
using Dataplane.Policy.Services;

namespace Dataplane.Policy.Matrix;

/// <summary>
/// Which endpoint reaches which: one <see cref="ProbeMatrix"/> per probe and family, probes in the order of
/// <see cref="Probes.Sorted"/>, IPv4 first.
/// </summary>
public sealed record ReachabilityMatrix(IReadOnlyList<ProbeMatrix> Probes)
{
    /// <param name="externals">Addresses outside the pod network to ask about, as rows and as columns.</param>
    /// <param name="judge">Whether a flow is allowed; called once per cell, in order.</param>
    /// <param name="only">Narrows to one family; null for every family that some pod has.</param>
    public static ReachabilityMatrix Compute(
        Cluster cluster, IEnumerable<Probe> probes, IEnumerable<ExternalEndpoint> externals, Func<Flow, bool> judge,
            AddressFamily? only = null) =>
        Between(cluster, probes, MatrixEnds.All(cluster, externals), judge, only);

    /// <inheritdoc cref="Compute"/>
    /// <param name="ends">The rows and columns.</param>
    /// <param name="isCrossed">Which probes are asked of which destinations; null: all of all. A probe that is asked of
    /// none has no matrix.</param>
    public static ReachabilityMatrix Between(
        Cluster cluster, IEnumerable<Probe> probes, MatrixEnds ends, Func<Flow, bool> judge, AddressFamily? only,
        Func<Probe, Endpoint, bool>? isCrossed = null)
    {
        var taken = new TakenPorts(cluster);
        var families = Families(cluster, only);
        return new ReachabilityMatrix(
        [
            .. from probe in Matrix.Probes.Sorted(probes)
            let crossed = isCrossed is null ? ends
                : ends with { Destinations = [.. ends.Destinations.Where(to => isCrossed(probe, to))] }
            where isCrossed is null || crossed.Destinations.Count > 0
            from family in families
            select new ProbeMatrix(probe, family, crossed, judge, taken),
        ]);
    }

    /// <summary>The flows that <see cref="Compute"/> asks about, in its order, without those of
    /// <see cref="TakenPorts"/>, which no packet can show.</summary>
    public static IReadOnlyList<Flow> Flows(Cluster cluster, IEnumerable<Probe> probes,
        IEnumerable<ExternalEndpoint> externals, AddressFamily? only = null)
    {
        var (all, families) = (MatrixEnds.All(cluster, externals).Sources, Families(cluster, only));
        var (flows, taken) = (new List<Flow>(), new TakenPorts(cluster));
        foreach (var probe in Matrix.Probes.Sorted(probes))
        {
            foreach (var family in families)
            {
                var present = all.Where(e => e.AddressIn(family) is not null).ToList();
                foreach (var from in present)
                {
                    foreach (var to in present)
                    {
                        if (from is ExternalEndpoint && to is ExternalEndpoint) continue;
                        var flow = new Flow(from, to, probe, family);
                        if (!taken.Take(flow)) flows.Add(flow);
                    }
                }
            }
        }
        return flows;
    }

    /// <summary>
    /// Every family that some pod has, IPv4 first. The node has both: its hostNetwork pods count only where there is
    /// no other pod.
    /// </summary>
    /// <param name="only">Narrows to one family; null: both.</param>
    public static IReadOnlyList<AddressFamily> Families(Cluster cluster, AddressFamily? only)
    {
        var hostOnly = cluster.Pods.All(pod => pod.IsHostNetwork);
        return
        [
            .. AddressFamilies.All.Where(family => only is null || family == only)
                .Where(family => cluster.Pods.Any(pod =>
                    pod.Address(family) is not null && (hostOnly || !pod.IsHostNetwork))),
        ];
    }
}

/// <summary>Rows are sources and columns destinations, both in the order of <see cref="MatrixEnds"/>.</summary>
public sealed class ProbeMatrix
{
    private readonly bool?[] _cells;

    internal ProbeMatrix(Probe probe, AddressFamily family, MatrixEnds ends, Func<Flow, bool> judge,
        TakenPorts taken)
    {
        (Probe, Family, Sources, Destinations) = (probe, family, ends.Sources, ends.Destinations);
        _cells = new bool?[Sources.Count * Destinations.Count];
        var present = Destinations.Select(endpoint => endpoint.AddressIn(family) is not null).ToArray();
        for (var from = 0; from < Sources.Count; from++)
        {
            if (Sources[from].AddressIn(family) is null)
            {
                continue;
            }
            for (var to = 0; to < Destinations.Count; to++)
            {
                if (present[to] && !(Sources[from] is ExternalEndpoint && Destinations[to] is ExternalEndpoint))
                {
                    var flow = new Flow(Sources[from], Destinations[to], probe, family);
                    if (!taken.AreService(flow)) _cells[from * Destinations.Count + to] = judge(taken.Meant(flow));
                }
            }
        }
    }

    public Probe Probe { get; }
    public AddressFamily Family { get; }
    public IReadOnlyList<Endpoint> Sources { get; }
    public IReadOnlyList<Endpoint> Destinations { get; }

    /// <summary>
    /// Whether the flow is allowed; null for a pair that is left out: both external, or not both of this family. A
    /// port of a Service is left out too: see <see cref="ServiceMatrix.At"/>.
    /// </summary>
    public bool? this[int from, int to] => _cells[from * Destinations.Count + to];
}
