using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;

namespace Dataplane.Planning.Services;

/// <summary>A Service while it is placed: what it needs, and what it has of it.</summary>
internal sealed class ServiceDraft
{
    private readonly IPAddress?[] _addresses, _pooled;

    public ServiceDraft(ServiceObject service)
    {
        Service = service;
        Families = FamiliesOf(service);
        _addresses = new IPAddress?[Families.Count];
        _pooled = new IPAddress?[Families.Count];
        NodePorts = new ushort?[service.Ports.Count];
    }

    public ServiceObject Service { get; }

    public IReadOnlyList<AddressFamily> Families { get; }

    public ushort?[] NodePorts { get; }

    public ushort? HealthCheckPort { get; set; }

    public bool HasAddresses => !Service.IsHeadless && Service.Type != ServiceType.ExternalName;

    public bool HasNodePorts => Service.Type == ServiceType.NodePort
        || Service is { Type: ServiceType.LoadBalancer, AllocatesNodePorts: true };

    /// <summary>Whether an address of the pool is for it: nobody else serves it, and the manifest names none.</summary>
    public static bool IsPooled(ServiceObject service) =>
        service is { Type: ServiceType.LoadBalancer, LoadBalancerClass: null }
        && ServicePlacement.GivenBalancers(service).Count == 0;

    public IPAddress? Address(AddressFamily family) => Value(_addresses, family);

    public void SetAddress(AddressFamily family, IPAddress address) => _addresses[Index(family)] = address;

    public IPAddress? Pooled(AddressFamily family) => Value(_pooled, family);

    public void SetPooled(AddressFamily family, IPAddress address) => _pooled[Index(family)] = address;

    /// <summary>The port of the node that another protocol of the same port has: one number is for all of
    /// them.</summary>
    public ushort? SharedNodePort(ServicePort port)
    {
        for (var i = 0; i < NodePorts.Length; i++)
        {
            if (NodePorts[i] is not null && Service.Ports[i].Port == port.Port
                && Service.Ports[i].Protocol != port.Protocol && !IsUsed(NodePorts[i]!.Value, port.Protocol))
            {
                return NodePorts[i];
            }
        }
        return null;
    }

    /// <summary>Whether a port of the Service already has this port of the node, for this protocol.</summary>
    public bool IsUsed(ushort number, TransportProtocol protocol) =>
        Service.Ports.Zip(NodePorts).Any(p => p.Second == number && p.First.Protocol == protocol);

    public PlacedService ToService() => new(Service, Families, PerFamily.Of(Address), NodePorts,
        ServicePlacement.GivenBalancers(Service) is { Count: > 0 } given ? given
            : [.. _pooled.OfType<IPAddress>()], HealthCheckPort);

    /// <summary>
    /// As the API server fills in ipFamilies: the first family of the cluster where nothing is said, and the other one
    /// where the policy wants two.
    /// </summary>
    private static IReadOnlyList<AddressFamily> FamiliesOf(ServiceObject service)
    {
        if (service.Type == ServiceType.ExternalName) return [];
        var first = service.Families is [var named, ..] ? named : AddressFamilies.All[0];
        return service.FamilyPolicy == FamilyPolicy.SingleStack ? [first]
            : [first, .. AddressFamilies.All.Where(family => family != first)];
    }

    private IPAddress? Value(IPAddress?[] values, AddressFamily family) =>
        Index(family) is var at and >= 0 ? values[at] : null;

    private int Index(AddressFamily family) => Families is [var first, ..] && first == family ? 0
        : Families is [_, var second] && second == family ? 1 : -1;
}
