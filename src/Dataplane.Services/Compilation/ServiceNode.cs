using System.Net;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;
using Dataplane.Services.Pools;

namespace Dataplane.Services.Compilation;

/// <summary>A Service as it was compiled.</summary>
internal sealed class ServiceNode(Shared shared)
{
    private readonly OwnedPools _pools = new(shared);
    private readonly List<IPAddress> _addresses = [];

    public ServiceObject? Object { get; private set; }

    public List<Pool> Pools => _pools.All;

    /// <summary>Takes over another description. Pools that both have stay; their members are counted by the
    /// caller.</summary>
    /// <param name="next">Null: the Service is gone.</param>
    public void Describe(PlacedService? next, Changes changes)
    {
        Object = next?.Object;
        foreach (var address in _addresses) shared.Refused.Remove(address);
        _addresses.Clear();
        _pools.Want(Object?.FullName ?? "", next is null ? [] : [.. FrontendPlan.Of(next)], changes);
        foreach (var pool in Pools) pool.AffinitySeconds = Object!.AffinitySeconds;
        foreach (var pool in Pools.Where(pool => pool.Key.IsRestricted))
            pool.Restrict(Object!.SourceRanges.Where(s => s.BaseAddress.AddressFamily == pool.Key.Family), changes);
        if (next is null) return;
        _addresses.AddRange(new[] { next.Addresses.IPv4, next.Addresses.IPv6 }.OfType<IPAddress>());
        foreach (var address in _addresses) shared.Refused.Add(address);
    }

    /// <summary>Counts a pod that the selector finds.</summary>
    /// <param name="by">1 or -1.</param>
    public void Count(PodEndpoint endpoint, int by)
    {
        var pod = endpoint.Pod;
        var state = Object!.PublishesNotReady || (pod.IsReady && !pod.IsTerminating) ? BackendState.Ready
            : pod.IsReady ? BackendState.Leaving : BackendState.Waiting;
        foreach (var pool in Pools)
        {
            var port = Object.Ports[pool.PortIndex];
            var number = port.TargetNumber
                ?? pod.Ports.FirstOrDefault(p => p.Name == port.TargetName && p.Protocol == port.Protocol)?.Port;
            if (endpoint.Address(pool.Key.Family) is { } address && number is { } target)
                pool.Count(new BackendAddress(address, target), state, isLocal: true, by);
        }
    }

    /// <summary>Counts the addresses of an object.</summary>
    /// <param name="isHere">Whether an address is that of a pod or of the node.</param>
    public void Count(EndpointsObject listing, string? nodeName, Func<IPAddress, bool> isHere)
    {
        foreach (var subset in listing.Subsets)
        {
            foreach (var pool in Pools)
            {
                var port = Object!.Ports[pool.PortIndex];
                if (subset.Ports.FirstOrDefault(p => p.Name == port.Name && p.Protocol == port.Protocol)
                    is not { Port: { } target })
                {
                    continue;
                }
                foreach (var address in subset.Addresses.Where(a => a.Address.AddressFamily == pool.Key.Family))
                {
                    pool.Count(new BackendAddress(address.Address, target), StateOf(address),
                        (address.NodeName is { } name && name == nodeName) || isHere(address.Address), 1);
                }
            }
        }
    }

    private static BackendState StateOf(EndpointAddress address) => address.IsReady ? BackendState.Ready
        : address is { IsServing: true, IsTerminating: true } ? BackendState.Leaving : BackendState.Waiting;
}
