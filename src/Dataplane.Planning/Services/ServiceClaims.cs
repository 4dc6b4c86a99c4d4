using System.Collections.Immutable;
using System.Net;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;

namespace Dataplane.Planning.Services;

/// <summary>Which Service has which ClusterIP, port of the node and address of a load balancer.</summary>
internal sealed class ServiceClaims
{
    private readonly ImmutableDictionary<IPAddress, ServiceObject>.Builder _addresses;
    private readonly ImmutableDictionary<ushort, ServiceObject>.Builder _ports;

    /// <summary>How many have each: a manifest may give one to several Services.</summary>
    private readonly ImmutableDictionary<IPAddress, int>.Builder _balancers;

    private ServiceClaims(ImmutableDictionary<IPAddress, ServiceObject>.Builder addresses,
        ImmutableDictionary<ushort, ServiceObject>.Builder ports,
        ImmutableDictionary<IPAddress, int>.Builder balancers) =>
        (_addresses, _ports, _balancers) = (addresses, ports, balancers);

    public ServiceClaims()
        : this(ImmutableDictionary.CreateBuilder<IPAddress, ServiceObject>(),
            ImmutableDictionary.CreateBuilder<ushort, ServiceObject>(),
            ImmutableDictionary.CreateBuilder<IPAddress, int>())
    {
    }

    public static ServiceClaims Of(IEnumerable<PlacedService> services)
    {
        var claims = new ServiceClaims();
        foreach (var service in services)
        {
            foreach (var address in Addresses(service)) claims._addresses[address] = service.Object;
            foreach (var port in Ports(service)) claims._ports[port] = service.Object;
            foreach (var address in service.LoadBalancerAddresses) claims.AddBalancer(address);
        }
        return claims;
    }

    public int Addressed => _addresses.Count;

    /// <summary>The same claims, to be changed without this.</summary>
    public ServiceClaims Copy() => new(_addresses.ToImmutable().ToBuilder(), _ports.ToImmutable().ToBuilder(),
        _balancers.ToImmutable().ToBuilder());

    public ServiceObject? HolderOf(IPAddress address) => _addresses.GetValueOrDefault(address);

    public ServiceObject? HolderOf(ushort port) => _ports.GetValueOrDefault(port);

    /// <summary>Whether a Service has an address, of any kind.</summary>
    public bool Has(IPAddress address) => _addresses.ContainsKey(address) || _balancers.ContainsKey(address);

    public bool HasBalancer(IPAddress address) => _balancers.ContainsKey(address);

    public bool TryAdd(IPAddress address, ServiceObject service) => _addresses.TryAdd(address, service);

    public bool TryAdd(ushort port, ServiceObject service) => _ports.TryAdd(port, service);

    public void AddBalancer(IPAddress address) => _balancers[address] = _balancers.GetValueOrDefault(address) + 1;

    public void Remove(PlacedService service)
    {
        _addresses.RemoveRange(Addresses(service));
        _ports.RemoveRange(Ports(service));
        foreach (var address in service.LoadBalancerAddresses)
        {
            if (_balancers[address] == 1) _balancers.Remove(address);
            else _balancers[address]--;
        }
    }

    private static IEnumerable<IPAddress> Addresses(PlacedService service) =>
        new[] { service.Addresses.IPv4, service.Addresses.IPv6 }.OfType<IPAddress>();

    private static IEnumerable<ushort> Ports(PlacedService service) =>
        service.NodePorts.Append(service.HealthCheckPort).OfType<ushort>();
}
