using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;

namespace Dataplane.Planning.Services;

/// <summary>
/// Gives Services addresses and ports of the node: first what manifests ask for, then what Services had, then what is
/// free, each in the order of names. Equal manifests with equal leases get equal addresses.
/// </summary>
/// <param name="podNetworks">No address for packets from outside is of them.</param>
/// <param name="claims">What other Services have; what is given is added.</param>
/// <param name="isElsewhere">Whether a pod or the node has an address.</param>
internal sealed class ServicePlacement(
    ServiceRanges ranges, PerFamily<IPNetwork> podNetworks, ServiceLeases leases, ServiceClaims claims,
    Func<IPAddress, bool> isElsewhere)
{
    private readonly ServiceNumbers _numbers = new(ranges, leases);

    /// <summary>What is wrong; empty: all have what they need.</summary>
    public List<Diagnostic> Problems { get; } = [];

    /// <summary>The addresses of a load balancer that a manifest names.</summary>
    public static IReadOnlyList<IPAddress> GivenBalancers(ServiceObject service) =>
        service.Type != ServiceType.LoadBalancer ? []
            : service.LoadBalancerAddresses.Count > 0 ? service.LoadBalancerAddresses
            : service.RequestedLoadBalancerAddress is { } asked ? [asked] : [];

    /// <summary>Whether it would have an address of a pool if there were one left.</summary>
    public static bool IsWaiting(PlacedService service, ServiceRanges ranges) =>
        ServiceDraft.IsPooled(service.Object) && service.Families.Any(family => ranges.Pools[family] is not null
            && !service.LoadBalancerAddresses.Any(a => a.AddressFamily == family));

    /// <param name="services">By name, none of which has claims; pods have theirs.</param>
    /// <param name="pods">Those that addresses may be of, to be named.</param>
    public IReadOnlyList<PlacedService> Place(IEnumerable<ServiceObject> services, IReadOnlyList<PodEndpoint> pods)
    {
        var problems = new ServiceProblems(ranges, podNetworks, pods, Problems);
        var drafts = services.Select(s => new ServiceDraft(s)).ToList();
        // Of two that ask for the same, the one that has it keeps it.
        foreach (var draft in drafts.OrderByDescending(d => Has(d.Service))) Ask(draft, problems);
        foreach (var draft in drafts)
            if (leases.Services.TryGetValue(draft.Service.FullName, out var lease)) Keep(draft, lease, problems);
        foreach (var draft in drafts) Assign(draft, problems);
        return [.. drafts.Select(d => d.ToService())];
    }

    /// <summary>The leases after services have gone, and others have been placed.</summary>
    public ServiceLeases Leases(IEnumerable<string> gone, IEnumerable<PlacedService> placed)
    {
        var all = leases.Services.RemoveRange(gone).ToBuilder();
        foreach (var service in placed)
        {
            if (ServiceLease.Of(service) is { } lease) all[service.Name] = lease;
            else all.Remove(service.Name);
        }
        return new ServiceLeases(all.ToImmutable(), _numbers.LastAddresses, _numbers.LastNodePort);
    }

    /// <summary>Whether the Service had earlier something of what its manifest asks for.</summary>
    private bool Has(ServiceObject service) => leases.Services.TryGetValue(service.FullName, out var lease)
        && (service.Addresses.Any(a => a.Equals(lease.ClusterAddresses[a.AddressFamily]))
            || service.Ports.Any(p => p.NodePort is { } number && number == lease.NodePort(p.Name))
            || (service.HealthCheckPort is { } check && check == lease.HealthCheckPort));

    private void Ask(ServiceDraft draft, ServiceProblems problems)
    {
        var service = draft.Service;
        // One that a pod has is told below, with the pod.
        var balancers = GivenBalancers(service).Where(a => !isElsewhere(a));
        foreach (var address in service.ExternalAddresses.Concat(balancers)) problems.FindInside(service, address);
        foreach (var address in service.Addresses)
        {
            if (problems.IsPossible(service, address)
                && !(isElsewhere(address) && problems.IsOfPodOrNode(service, address))
                && problems.IsFree(service, address, claims.HolderOf(address)) && claims.TryAdd(address, service))
            {
                draft.SetAddress(address.AddressFamily, address);
            }
        }
        for (var i = 0; i < service.Ports.Count; i++)
        {
            var port = service.Ports[i];
            if (port.NodePort is { } number && problems.IsPossible(service, number, port.NodePortPlace)
                && (draft.NodePorts.Contains(number)
                    || (problems.IsFree(service, number, port.NodePortPlace, claims.HolderOf(number))
                        && problems.IsFree(service, number, port.NodePortPlace, claims.PodsAt(number))
                        && claims.TryAdd(number, service))))
            {
                draft.NodePorts[i] = number;
            }
        }
        if (service.HealthCheckPort is { } check && problems.IsPossible(service, check, service.Position)
            && problems.IsFree(service, check, service.Position, claims.HolderOf(check))
            && problems.IsFree(service, check, service.Position, claims.PodsAt(check))
            && claims.TryAdd(check, service))
        {
            draft.HealthCheckPort = check;
        }
        foreach (var address in GivenBalancers(service))
            if (!isElsewhere(address) || !problems.IsOfPod(service, address)) claims.AddBalancer(address);
    }

    private void Keep(ServiceDraft draft, ServiceLease lease, ServiceProblems problems)
    {
        var service = draft.Service;
        foreach (var family in draft.Families.Where(f => draft.HasAddresses && draft.Address(f) is null))
        {
            if (lease.ClusterAddresses[family] is { } address && ServiceProblems.IsOf(ranges.Networks[family], address)
                && ReservedAddresses.KeptFor(address, ranges.Networks[family]) is var keeper
                && (keeper is null || keeper == service.FullName)
                && !(isElsewhere(address) && problems.IsOfPodOrNode(service, address))
                && problems.IsLeft(service, address, claims.HolderOf(address)) && claims.TryAdd(address, service))
            {
                draft.SetAddress(family, address);
            }
        }
        for (var i = 0; i < service.Ports.Count; i++)
        {
            var port = service.Ports[i];
            // One that is asked for and was refused is told already.
            if (draft.HasNodePorts && port.NodePort is null && lease.NodePort(port.Name) is { } number
                && IsInRange(number) && !draft.IsUsed(number, port.Protocol)
                && (draft.NodePorts.Contains(number)
                    || (problems.IsLeft(service, number, claims.HolderOf(number))
                        && problems.IsLeft(service, number, claims.PodsAt(number))
                        && claims.TryAdd(number, service))))
            {
                draft.NodePorts[i] = number;
            }
        }
        if (service.NeedsHealthCheck && service.HealthCheckPort is null && lease.HealthCheckPort is { } check
            && IsInRange(check) && problems.IsLeft(service, check, claims.HolderOf(check))
            && problems.IsLeft(service, check, claims.PodsAt(check))
            && claims.TryAdd(check, service))
        {
            draft.HealthCheckPort = check;
        }
        foreach (var family in draft.Families.Where(_ => ServiceDraft.IsPooled(draft.Service)))
        {
            // A manifest that names the same address later shares it.
            if (lease.LoadBalancerAddresses[family] is { } address && ranges.Pools[family]?.Contains(address) == true
                && !isElsewhere(address))
            {
                claims.AddBalancer(address);
                draft.SetPooled(family, address);
            }
        }
    }

    private void Assign(ServiceDraft draft, ServiceProblems problems)
    {
        var service = draft.Service;
        foreach (var family in draft.Families.Where(f => draft.HasAddresses && draft.Address(f) is null))
        {
            if (Next(service, family) is { } address) draft.SetAddress(family, address);
            else problems.Full(service, family);
        }
        for (var i = 0; i < service.Ports.Count && draft.HasNodePorts; i++)
        {
            if (draft.NodePorts[i] is not null) continue;
            draft.NodePorts[i] = draft.SharedNodePort(service.Ports[i])
                ?? _numbers.NodePort(number => claims.TryAdd(number, service));
            if (draft.NodePorts[i] is null) problems.NoNodePort(service);
        }
        if (service.NeedsHealthCheck && draft.HealthCheckPort is null)
        {
            draft.HealthCheckPort = _numbers.NodePort(number => claims.TryAdd(number, service));
            if (draft.HealthCheckPort is null) problems.NoNodePort(service);
        }
        foreach (var family in draft.Families.Where(f => ServiceDraft.IsPooled(service) && draft.Pooled(f) is null))
        {
            if (ranges.Pools[family] is { } pool && FromPool(pool) is { } address) draft.SetPooled(family, address);
        }
    }

    private IPAddress? Next(ServiceObject service, AddressFamily family)
    {
        var network = ranges.Networks[family];
        if (ReservedAddresses.Of(service.FullName, network) is { } own && !isElsewhere(own)
            && claims.TryAdd(own, service))
        {
            return own;
        }
        // Addresses of pods in the range are few; each costs a try.
        return _numbers.Address(family, claims.Addressed + (long)ushort.MaxValue, address =>
            ReservedAddresses.KeptFor(address, network) is null && !isElsewhere(address)
            && claims.TryAdd(address, service));
    }

    /// <summary>The first free address; null: all have one, and the Service waits, as it does for a load
    /// balancer.</summary>
    private IPAddress? FromPool(IPNetwork pool)
    {
        var all = AddressRange.Of(pool);
        for (var number = all.First; number <= all.Last; number++)
        {
            var address = AddressRange.ToAddress(number, pool.BaseAddress.AddressFamily);
            if (TryPool(address)) return address;
            if (number == all.Last) break;
        }
        return null;
    }

    private bool TryPool(IPAddress address)
    {
        if (claims.HasBalancer(address) || isElsewhere(address)) return false;
        claims.AddBalancer(address);
        return true;
    }

    private bool IsInRange(ushort number) => number >= ranges.NodePorts.First && number <= ranges.NodePorts.Last;
}
