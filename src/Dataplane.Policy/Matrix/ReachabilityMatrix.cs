using System.Net.Sockets;
using Dataplane.Policy.Model;

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
            AddressFamily? only = null)
    {
        var (endpoints, families) = (Endpoints(cluster, externals), Families(cluster, only));
        return new ReachabilityMatrix(
        [
            .. from probe in Matrix.Probes.Sorted(probes) from family in families select new ProbeMatrix(probe, family,
                endpoints, judge),
        ]);
    }

    /// <summary>The flows that <see cref="Compute"/> asks about, in its order.</summary>
    public static IReadOnlyList<Flow> Flows(Cluster cluster, IEnumerable<Probe> probes,
        IEnumerable<ExternalEndpoint> externals, AddressFamily? only = null)
    {
        var (all, families) = (Endpoints(cluster, externals), Families(cluster, only));
        var flows = new List<Flow>();
        foreach (var probe in Matrix.Probes.Sorted(probes))
        {
            foreach (var family in families)
            {
                var present = all.Where(e => e.AddressIn(family) is not null).ToList();
                foreach (var from in present)
                {
                    foreach (var to in present)
                    {
                        if (!(from is ExternalEndpoint && to is ExternalEndpoint))
                            flows.Add(new Flow(from, to, probe, family));
                    }
                }
            }
        }
        return flows;
    }

    /// <summary>Rows and columns: pods by name, then externals.</summary>
    internal static IReadOnlyList<Endpoint> Endpoints(Cluster cluster, IEnumerable<ExternalEndpoint> externals) =>
    [
        .. cluster.Pods.OrderBy(pod => pod.Name, StringComparer.Ordinal),
        .. externals.Distinct().OrderBy(external => external.Name, StringComparer.Ordinal),
    ];

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

/// <summary>
/// Rows are sources and columns destinations, both in the order of <see cref="Endpoints"/>: pods by name, then
/// externals.
/// </summary>
public sealed class ProbeMatrix
{
    private readonly bool?[] _cells;

    internal ProbeMatrix(Probe probe, AddressFamily family, IReadOnlyList<Endpoint> endpoints, Func<Flow, bool> judge)
    {
        Probe = probe;
        Family = family;
        Endpoints = endpoints;
        _cells = new bool?[endpoints.Count * endpoints.Count];
        var present = endpoints.Select(endpoint => endpoint.AddressIn(family) is not null).ToArray();
        for (var from = 0; from < endpoints.Count; from++)
        {
            for (var to = 0; to < endpoints.Count; to++)
            {
                if (present[from] && present[to]
                    && !(endpoints[from] is ExternalEndpoint && endpoints[to] is ExternalEndpoint))
                {
                    _cells[from * endpoints.Count + to] =
                        judge(new Flow(endpoints[from], endpoints[to], probe, family));
                }
            }
        }
    }

    public Probe Probe { get; }
    public AddressFamily Family { get; }
    public IReadOnlyList<Endpoint> Endpoints { get; }

    /// <summary>
    /// Whether the flow is allowed; null for a pair that is left out: both external, or not both of this family.
    /// </summary>
    public bool? this[int from, int to] => _cells[from * Endpoints.Count + to];
}
