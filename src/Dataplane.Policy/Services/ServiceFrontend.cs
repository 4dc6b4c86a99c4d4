using System.Net;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Services;

/// <summary>
/// What makes an address and port one of a Service. Where two Services claim the same, the earlier kind counts, then
/// the Service that is first by name.
/// </summary>
public enum FrontendKind
{
    /// <summary>For pods and the node; not for other machines.</summary>
    ClusterIP,

    /// <summary>One of <c>externalIPs</c>.</summary>
    ExternalIP,

    /// <summary>The address of a load balancer.</summary>
    LoadBalancer,

    /// <summary>A port of the node itself.</summary>
    NodePort,
}

/// <summary>What a packet may have as its destination to be for a Service.</summary>
/// <param name="PortIndex">The place of the port among those of the Service.</param>
/// <param name="Number">The port of the packet; not that of the Service for a NodePort.</param>
public sealed record ServiceFrontend(PlacedService Service, int PortIndex, FrontendKind Kind, IPAddress Address,
    ushort Number)
{
    public ServicePort Port => Service.Object.Ports[PortIndex];

    public Probe Probe => new(Port.Protocol.ToFlowProtocol(), Number);

    /// <summary>Whether a packet of this source can be for it.</summary>
    public bool IsFor(Endpoint source) => Kind != FrontendKind.ClusterIP || source is not ExternalEndpoint;

    /// <summary>
    /// The one whose packets have this destination, of all Services; null: none, for this source.
    /// </summary>
    public static ServiceFrontend? Find(Cluster cluster, Endpoint source, IPAddress destination, Probe probe) =>
        First(cluster.Services.Where(service => MayHave(cluster.Node, service, destination, probe))
            .SelectMany(service => Of(cluster, service))
            .Where(f => f.IsFor(source) && f.Address.Equals(destination) && f.Probe == probe));

    /// <summary>Of those with one address and port, the one that gets the packets; null: of none.</summary>
    public static ServiceFrontend? First(IEnumerable<ServiceFrontend> same) =>
        same.OrderBy(f => f.Kind).ThenBy(f => f.Service.Name, StringComparer.Ordinal).FirstOrDefault();

    /// <summary>The ports at which a source finds Services at an address, sorted.</summary>
    public static IReadOnlyList<Probe> At(Cluster cluster, Endpoint source, IPAddress address) =>
        [.. cluster.Services.SelectMany(service => Of(cluster, service))
            .Where(f => f.IsFor(source) && f.Address.Equals(address)).Select(f => f.Probe).Distinct()
            .OrderBy(probe => probe.Protocol).ThenBy(probe => probe.Port)];

    /// <summary>Cheap, and true for too many: most Services have neither the address nor the port.</summary>
    private static bool MayHave(NodeEndpoint node, PlacedService service, IPAddress destination, Probe probe)
    {
        var family = destination.AddressFamily;
        return destination.Equals(service.Addresses[family])
            || (destination.Equals(node.AddressIn(family)) && service.NodePorts.Contains(probe.Port))
            || service.Object.ExternalAddresses.Contains(destination)
            || service.LoadBalancerAddresses.Contains(destination);
    }

    /// <summary>
    /// Those of a Service, by kind and port. A headless Service and an ExternalName have none; in a family without
    /// ClusterIP there are none of the other kinds either, as in kube-proxy.
    /// </summary>
    public static IEnumerable<ServiceFrontend> Of(Cluster cluster, PlacedService service)
    {
        var families = AddressFamilies.All.Where(family => service.Addresses[family] is not null).ToList();
        return Enum.GetValues<FrontendKind>().SelectMany(kind =>
            from address in Addresses(cluster, service, kind)
            where families.Contains(address.AddressFamily)
            from index in Enumerable.Range(0, service.Object.Ports.Count)
            let number = kind == FrontendKind.NodePort ? service.NodePorts[index] : service.Object.Ports[index].Port
            where number is not null
            select new ServiceFrontend(service, index, kind, address, number.Value));
    }

    private static IEnumerable<IPAddress> Addresses(Cluster cluster, PlacedService service, FrontendKind kind) =>
        kind switch
        {
            FrontendKind.ClusterIP => AddressFamilies.All.Select(f => service.Addresses[f]).OfType<IPAddress>(),
            FrontendKind.ExternalIP => service.Object.ExternalAddresses,
            FrontendKind.LoadBalancer => service.Object.Type == ServiceType.LoadBalancer
                ? service.LoadBalancerAddresses : [],
            FrontendKind.NodePort => AddressFamilies.All.Select(cluster.Node.AddressIn).OfType<IPAddress>(),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
}
