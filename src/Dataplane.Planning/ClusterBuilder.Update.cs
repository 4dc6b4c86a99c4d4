using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Objects;
using Dataplane.Planning.Services;
using Dataplane.Policy.Model;

namespace Dataplane.Planning;

/// <content>Updates a cluster at a cost that follows the difference.</content>
public static partial class ClusterBuilder
{
    private static readonly Comparison<PodEndpoint> ByName = static (one, other) =>
        string.CompareOrdinal(one.Name, other.Name);

    private static readonly Comparison<PlacedService> ByServiceName = static (one, other) =>
        string.CompareOrdinal(one.Name, other.Name);

    /// <summary>
    /// The result of <see cref="Build(ManifestSet, NodeOptions, Leases)"/> with the leases of
    /// <paramref name="before"/>; pods that stay are the same objects.
    /// </summary>
    /// <param name="before">A result for the same options and the same Node manifests.</param>
    /// <param name="pods">The pods that differ between <paramref name="before"/> and
    /// <paramref name="manifests"/>.</param>
    /// <returns>Null: an address may not be available; Build gives the result or the reason.</returns>
    public static ClusterResult? Update(ClusterResult before, ManifestSet manifests, PodDelta pods, NodeOptions options)
    {
        var cluster = before.Cluster!;
        if (!ReferenceEquals(cluster.NetworkPolicies, manifests.NetworkPolicies)
            || !ReferenceEquals(cluster.TierPolicies, manifests.TierPolicies))
        {
            var (policies, tiers) = (manifests.NetworkPolicies, manifests.TierPolicies);
            cluster = cluster with { NetworkPolicies = policies, TierPolicies = tiers };
        }
        // The dictionary stays the same object while no namespace changes.
        if (!cluster.Namespaces.Values.SequenceEqual(manifests.Namespaces))
            cluster = cluster with { Namespaces = manifests.Namespaces.ToDictionary(n => n.Name) };
        if (!ReferenceEquals(cluster.Endpoints, manifests.Endpoints))
            cluster = cluster with { Endpoints = manifests.Endpoints };
        var placed = pods.IsEmpty ? before with { Cluster = cluster } : Update(before, cluster, pods, options);
        return placed is null ? null : WithServices(placed, manifests.Services, pods, options);
    }

    /// <summary>Places the Services that differ; those that stay are the same objects.</summary>
    private static ClusterResult? WithServices(ClusterResult result, IReadOnlyList<ServiceObject> services,
        PodDelta pods, NodeOptions options)
    {
        var delta = ListDelta.Between(result.ServiceObjects, services);
        if (!delta.IsEmpty)
        {
            var cluster = result.Cluster!;
            var claims = result.Claims.Value.Copy();
            var gone = delta.Removed.Select(s => cluster.Services.Named(s.FullName, p => p.Name)!).ToList();
            if (gone.Exists(s => s.LoadBalancerAddresses.Count > 0) && IsAnyWaiting(cluster, options)) return null;
            foreach (var service in gone) claims.Remove(service);
            var placement = new ServicePlacement(options.Services, options.PodNetworks, result.Leases.Services, claims,
                result.Taken.Value.Contains);
            // Build places Services in this order.
            var come = placement.Place(delta.Added.OrderBy(s => s.FullName, StringComparer.Ordinal), cluster.Pods);
            if (placement.Problems.Count > 0 || cluster.Services.With(gone, come, ByServiceName) is not { } all)
                return null;
            result = result with
            {
                Cluster = cluster with { Services = all },
                Leases = result.Leases with
                {
                    Services = placement.Leases(gone.Select(s => s.Name).Except(come.Select(s => s.Name)), come),
                },
                ServiceObjects = services,
                Claims = new(() => claims),
            };
        }
        var pools = AddressFamilies.All.Select(family => options.Services.Pools[family]).OfType<IPNetwork>().ToList();
        if (pods.Gone.SelectMany(p => p.RequestedAddresses).Any(a => pools.Exists(pool => pool.Contains(a)))
            && IsAnyWaiting(result.Cluster!, options))
        {
            return null;
        }
        return pods.Come.Where(p => !p.HostNetwork).SelectMany(p => p.RequestedAddresses)
            .Any(a => result.Claims.Value.Has(a)) ? null : result;
    }

    /// <summary>Whether an address of a pool that becomes free is another Service's.</summary>
    private static bool IsAnyWaiting(Cluster cluster, NodeOptions options) =>
        cluster.Services.Any(s => ServicePlacement.IsWaiting(s, options.Services));

    private static ClusterResult? Update(ClusterResult before, Cluster cluster, PodDelta pods, NodeOptions options)
    {
        var (leases, taken) = (before.Leases.Pods.ToBuilder(), before.Taken.Value.ToBuilder());
        var staying = pods.Come.Where(p => Leases.IsAssigned(p) && leases.ContainsKey(p.FullName))
            .Select(p => p.FullName).ToHashSet();
        var gone = new List<PodEndpoint>(pods.Gone.Count);
        foreach (var pod in pods.Gone)
        {
            if (cluster.Pods.Named(pod.FullName, p => p.Name) is not { } endpoint) return null;
            gone.Add(endpoint);
            if (pod.HostNetwork || staying.Contains(pod.FullName)) continue;
            taken.ExceptWith(AddressesOf(endpoint));
            leases.Remove(pod.FullName);
        }
        foreach (var address in pods.Come.Where(p => !p.HostNetwork).SelectMany(p => p.RequestedAddresses))
            if (HostAddress.WhyNot(address) is not null || !taken.Add(address)) return null;
        var (four, six) = (new Ipam(options.PodNetworkIPv4, taken, before.Leases.LastIPv4),
            new Ipam(options.PodNetworkIPv6, taken, before.Leases.LastIPv6));
        var come = new List<PodEndpoint>(pods.Come.Count);
        // Build assigns addresses in this order.
        foreach (var pod in pods.Come.OrderBy(p => p.FullName, StringComparer.Ordinal))
        {
            if (!Leases.IsAssigned(pod))
            {
                come.Add(pod.HostNetwork
                    ? OnNode(pod, cluster.Node) : new PodEndpoint(pod, Requested(pod, AddressFamily.InterNetwork),
                    Requested(pod, AddressFamily.InterNetworkV6)));
                continue;
            }
            if (!leases.TryGetValue(pod.FullName, out var lease))
            {
                if (four.Next() is not { } ipv4 || six.Next() is not { } ipv6) return null;
                leases[pod.FullName] = lease = new PodAddresses(ipv4, ipv6);
            }
            come.Add(new PodEndpoint(pod, lease.IPv4, lease.IPv6));
        }
        if (cluster.Pods.With(gone, come, ByName) is not { } all) return null;
        var now = taken.ToImmutable();
        var claims = before.Claims;
        if (pods.Gone.Concat(pods.Come).Any(p => p.HostPorts.Count > 0))
        {
            var ports = claims.Value.Copy();
            foreach (var pod in pods.Gone) ports.Remove(pod);
            foreach (var pod in pods.Come)
            {
                if (HostPortProblems.Of(pod, ports).Any()) return null;
                ports.Add(pod);
            }
            claims = new(() => ports);
        }
        return before with
        {
            Claims = claims,
            Cluster = cluster with { Pods = all },
            Leases = new Leases(leases.ToImmutable(), four.Last, six.Last) { Services = before.Leases.Services },
            Taken = new Lazy<ImmutableHashSet<IPAddress>>(now),
        };
    }

    /// <summary>
    /// The requested address of a family; a pod that requests only IPv4 has no IPv6, and the reverse.
    /// </summary>
    private static IPAddress? Requested(PodObject pod, AddressFamily family) =>
        pod.RequestedAddresses.FirstOrDefault(a => a.AddressFamily == family);
}
