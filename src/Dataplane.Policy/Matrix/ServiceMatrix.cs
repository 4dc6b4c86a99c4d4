using System.Net;
using System.Net.Sockets;
using Dataplane.Policy.Model;
using Dataplane.Policy.Services;

namespace Dataplane.Policy.Matrix;

/// <summary>What each source reaches by one port of a Service in one family.</summary>
/// <param name="Rows">In the order of the sources that have the family.</param>
public sealed record ServiceMatrix(PlacedService Service, Probe Probe, AddressFamily Family,
    IReadOnlyList<ServiceRow> Rows)
{
    /// <summary>What is asked about; null: the Service, by whatever the source has for it.</summary>
    public IPEndPoint? Address { get; init; }

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

    /// <summary>The same for addresses that Services have, and are destinations of a matrix.</summary>
    /// <param name="probes">Null: all ports of Services.</param>
    public static IReadOnlyList<ServiceMatrix> At(Cluster cluster, MatrixEnds ends, IReadOnlyCollection<Probe>? probes,
        Func<Flow, bool> judge, AddressFamily? only) =>
        [.. from address in ends.Destinations.Where(end => end.AsSelectablePod() is null)
                .SelectMany(end => AddressFamilies.All.Select(end.AddressIn)).OfType<IPAddress>().Distinct()
            where only is null || address.AddressFamily == only
            let sources = ends.Sources.Where(end => end.AddressIn(address.AddressFamily) is not null).ToList()
            from probe in Probes.Sorted(sources.DistinctBy(end => end is ExternalEndpoint)
                .SelectMany(end => ServiceFrontend.At(cluster, end, address)))
            where probes is null || probes.Contains(probe)
            let reaches = sources.Select(source => ServiceReach.At(cluster, source, address, probe))
                .OfType<ServiceReach>().ToList()
            from same in reaches.GroupBy(reach => reach.Service)
            select new ServiceMatrix(same.Key, same.First().Probe, address.AddressFamily,
                [.. same.Select(reach => ServiceRow.Of(reach, judge))])
            {
                Address = new IPEndPoint(address, probe.Port),
            }];
}

/// <param name="Backends">By name, sorted.</param>
public sealed record ServiceRow(Endpoint From, Outcome Outcome, IReadOnlyList<(string Name, bool Allowed)> Backends)
{
    /// <summary>The addresses that another machine has for the Service; empty where there is only one.</summary>
    public IReadOnlyList<(string Name, Outcome Outcome)> Ways { get; init; } = [];

    internal static ServiceRow Of(ServiceReach reach, Func<Flow, bool> judge) => new(reach.From, reach.Judge(judge),
        [.. reach.Targets.OrderBy(target => target.Name, StringComparer.Ordinal)
            .Select(target => (target.Name, target.IsAllowed(judge)))])
    {
        Ways = reach.Others.Count == 0 ? [] : [.. reach.Ways.Select(way => (way.WayName, way.JudgeWay(judge)))],
    };
}
