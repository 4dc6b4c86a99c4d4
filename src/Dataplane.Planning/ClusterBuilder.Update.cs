using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;

namespace Dataplane.Planning;

/// <content>From one cluster to the next, in the time that the difference takes.</content>
public static partial class ClusterBuilder
{
    private static readonly Comparison<PodEndpoint> ByName = static (one, other) => string.CompareOrdinal(one.Name, other.Name);

    /// <summary>What <see cref="Build(ManifestSet, NodeOptions, Leases)"/> gives, with the leases of <paramref name="before"/>; whoever stays is the same object.</summary>
    /// <param name="before">Of the same options, and of the same Node manifests.</param>
    /// <param name="pods">In what the pods of <paramref name="manifests"/> differ from those of <paramref name="before"/>.</param>
    /// <returns>Null: it may not be possible, and Build says why.</returns>
    public static ClusterResult? Update(ClusterResult before, ManifestSet manifests, PodDelta pods, NodeOptions options)
    {
        var cluster = before.Cluster!;
        if (!ReferenceEquals(cluster.NetworkPolicies, manifests.NetworkPolicies) || !ReferenceEquals(cluster.TierPolicies, manifests.TierPolicies))
            cluster = cluster with { NetworkPolicies = manifests.NetworkPolicies, TierPolicies = manifests.TierPolicies };
        // In the same order, but one dictionary for as long as nothing of it changes.
        if (!cluster.Namespaces.Values.SequenceEqual(manifests.Namespaces)) cluster = cluster with { Namespaces = manifests.Namespaces.ToDictionary(n => n.Name) };
        return pods.IsEmpty ? before with { Cluster = cluster } : Update(before, cluster, pods, options);
    }

    private static ClusterResult? Update(ClusterResult before, Cluster cluster, PodDelta pods, NodeOptions options)
    {
        var (leases, taken) = (before.Leases.Pods.ToBuilder(), before.Taken.Value.ToBuilder());
        var staying = pods.Come.Where(p => Leases.IsAssigned(p) && leases.ContainsKey(p.FullName)).Select(p => p.FullName).ToHashSet();
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
        var (four, six) = (new Ipam(options.PodNetworkIPv4, taken, before.Leases.LastIPv4), new Ipam(options.PodNetworkIPv6, taken, before.Leases.LastIPv6));
        var come = new List<PodEndpoint>(pods.Come.Count);
        // In the order in which Build would ask for addresses.
        foreach (var pod in pods.Come.OrderBy(p => p.FullName, StringComparer.Ordinal))
        {
            if (!Leases.IsAssigned(pod))
            {
                come.Add(pod.HostNetwork ? OnNode(pod, cluster.Node) : new PodEndpoint(pod, Requested(pod, AddressFamily.InterNetwork), Requested(pod, AddressFamily.InterNetworkV6)));
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
        return before with
        {
            Cluster = cluster with { Pods = all },
            Leases = new Leases(leases.ToImmutable(), four.Last, six.Last),
            Taken = new Lazy<ImmutableHashSet<IPAddress>>(now),
        };
    }

    /// <summary>A pod that names only IPv4 addresses has only IPv4, and the reverse.</summary>
    private static IPAddress? Requested(PodObject pod, AddressFamily family) => pod.RequestedAddresses.FirstOrDefault(a => a.AddressFamily == family);
}
