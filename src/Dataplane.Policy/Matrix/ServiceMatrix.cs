using System.Net.Sockets;
using Dataplane.Policy.Model;
using Dataplane.Policy.Services;

namespace Dataplane.Policy.Matrix;

/// <summary>What each source reaches by one port of a Service in one family.</summary>
/// <param name="Rows">In the order of the sources that have the family.</param>
public sealed record ServiceMatrix(PlacedService Service, Probe Probe, AddressFamily Family,
    IReadOnlyList<ServiceRow> Rows)
{
    /// <summary>By Service, port and family; Services that have no frontends have none.</summary>
    /// <param name="judge">What policies say of a flow.</param>
    /// <param name="only">Narrows to one family.</param>
    public static IReadOnlyList<ServiceMatrix> Of(Cluster cluster, IReadOnlyList<PlacedService> services,
        IReadOnlyList<Endpoint> sources, Func<Flow, bool> judge, AddressFamily? only)
    {
        var finder = new EndpointFinder(cluster);
        return [.. from service in services
            let endpoints = finder.Of(service)
            from index in Enumerable.Range(0, service.Object.Ports.Count)
            from rows in sources.SelectMany(source => ServiceReach.Of(cluster, source, service, index,
                default, endpoints))
                .Where(reach => only is null || reach.Family == only)
                .GroupBy(reach => reach.Family).OrderBy(same => same.Key)
            select new ServiceMatrix(service, rows.First().Probe, rows.Key,
                [.. rows.Select(reach => ServiceRow.Of(reach, judge))])];
    }
}

/// <param name="Backends">By name, sorted.</param>
public sealed record ServiceRow(Endpoint From, Outcome Outcome, IReadOnlyList<(string Name, bool Allowed)> Backends)
{
    internal static ServiceRow Of(ServiceReach reach, Func<Flow, bool> judge) => new(reach.From, reach.Judge(judge),
        [.. reach.Targets.OrderBy(target => target.Name, StringComparer.Ordinal)
            .Select(target => (target.Name, target.IsAllowed(judge)))]);
}
