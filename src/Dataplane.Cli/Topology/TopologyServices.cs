using System.Net;
using Dataplane.Cli.Output;
using Dataplane.Policy.Model;
using Dataplane.Policy.Services;

namespace Dataplane.Cli.Topology;

/// <summary>The Services of a state, with what is behind each.</summary>
internal static class TopologyServices
{
    public static IReadOnlyList<TopologyService> Of(Cluster cluster)
    {
        var finder = new EndpointFinder(cluster);
        return [.. cluster.Services.Select(service => Of(service, finder.Of(service)))];
    }

    private static TopologyService Of(PlacedService service, IReadOnlyList<ServiceEndpoint> all)
    {
        var spec = service.Object;
        var addresses = service.Families.Select(family => service.Addresses[family]).OfType<IPAddress>()
            .Concat(service.LoadBalancerAddresses).Concat(spec.ExternalAddresses);
        var ports = spec.Ports.Zip(service.NodePorts, (port, node) =>
            $"{new Probe(port.Protocol.ToFlowProtocol(), port.Port)}{(node is null ? "" : $" node {node}")}");
        // A pod has an address in each family.
        var endpoints = all.GroupBy(e => e.Pod?.Name ?? e.Address.ToString())
            .Select(same => new TopologyEndpoint(same.Key, same.Any(e => e.IsReady)))
            .OrderBy(e => e.Name, StringComparer.Ordinal);
        return new TopologyService(service.Name, $"{spec.Type}", [.. addresses.Select(a => $"{a}").Distinct()],
            [.. ports], [.. endpoints]);
    }
}
