using System.Collections.Immutable;
using System.Net;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;

namespace Dataplane.Planning.Services;

/// <summary>Which Service has which ClusterIP, port of the node and address of a load balancer, and which pods have
/// ports of the node.</summary>
internal sealed class ServiceClaims
{
    private readonly ImmutableDictionary<IPAddress, ServiceObject>.Builder _addresses;
    private readonly ImmutableDictionary<ushort, ServiceObject>.Builder _ports;

    /// <summary>How many have each: a manifest may give one to several Services.</summary>
    private readonly ImmutableDictionary<IPAddress, int>.Builder _balancers;

    /// <summary>By number. Pods of several nodes may have the same.</summary>
    private readonly ImmutableDictionary<ushort, ImmutableList<PodObject>>.Builder _pods;

    private ServiceClaims(ImmutableDictionary<IPAddress, ServiceObject>.Builder addresses,
        ImmutableDictionary<ushort, ServiceObject>.Builder ports,
        ImmutableDictionary<IPAddress, int>.Builder balancers,
        ImmutableDictionary<ushort, ImmutableList<PodObject>>.Builder pods) =>
        (_addresses, _ports, _balancers, _pods) = (addresses, ports, balancers, pods);

    public ServiceClaims()
        : this(ImmutableDictionary.CreateBuilder<IPAddress, ServiceObject>(),
            ImmutableDictionary.CreateBuilder<ushort, ServiceObject>(),
            ImmutableDictionary.CreateBuilder<IPAddress, int>(),
            ImmutableDictionary.CreateBuilder<ushort, ImmutableList<PodObject>>())
    {
    }

    public static ServiceClaims Of(IEnumerable<PlacedService> services, IEnumerable<PodEndpoint> pods)
    {
        var claims = new ServiceClaims();
        foreach (var pod in pods) claims.Add(pod.Pod);
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
        _balancers.ToImmutable().ToBuilder(), _pods.ToImmutable().ToBuilder());

    public ServiceObject? HolderOf(IPAddress address) => _addresses.GetValueOrDefault(address);

    public ServiceObject? HolderOf(ushort port) => _ports.GetValueOrDefault(port);

    /// <summary>The pods with this port of the node, for whatever protocol.</summary>
    public IReadOnlyList<PodObject> PodsAt(ushort port) => _pods.GetValueOrDefault(port, []);

    public void Add(PodObject pod)
    {
        foreach (var port in NumbersOf(pod)) _pods[port] = _pods.GetValueOrDefault(port, []).Add(pod);
    }

    public void Remove(PodObject pod)
    {
        foreach (var port in NumbersOf(pod))
        {
            if (_pods[port].Remove(pod) is { Count: > 0 } left) _pods[port] = left;
            else _pods.Remove(port);
        }
    }

    /// <summary>Whether a Service has an address, of any kind.</summary>
    public bool Has(IPAddress address) => _addresses.ContainsKey(address) || _balancers.ContainsKey(address);

    public bool HasBalancer(IPAddress address) => _balancers.ContainsKey(address);

    public bool TryAdd(IPAddress address, ServiceObject service) => _addresses.TryAdd(address, service);

    public bool TryAdd(ushort port, ServiceObject service) =>
        !_pods.ContainsKey(port) && _ports.TryAdd(port, service);

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

    private static IEnumerable<ushort> NumbersOf(PodObject pod) => pod.HostPorts.Select(p => p.Number).Distinct();

    private static IEnumerable<ushort> Ports(PlacedService service) =>
        service.NodePorts.Append(service.HealthCheckPort).OfType<ushort>();
}
