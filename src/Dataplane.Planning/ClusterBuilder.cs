using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;

namespace Dataplane.Planning;

/// <summary>A cluster with an address for every pod, or the reasons why there is none.</summary>
public sealed record ClusterResult(Cluster? Cluster, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>Who is assigned what from now on.</summary>
    public Leases Leases { get; init; } = Leases.None;

    /// <summary>Every address that the node or a pod has: looked up when pods come or go, which most changes are not about.</summary>
    internal Lazy<ImmutableHashSet<IPAddress>> Taken { get; init; } = new([]);
}

/// <summary>
/// From manifests to a <see cref="Cluster"/>: the same for the offline answers and for the node that carries packets, so that an
/// ipBlock that covers pods means the same in both.
/// </summary>
public static partial class ClusterBuilder
{
    /// <param name="before">An earlier state: pods that it has keep the addresses that were assigned to them.</param>
    public static ClusterResult Build(ManifestSet manifests, NodeOptions options, Cluster? before = null)
    {
        if (before is null) return Build(manifests, options, Leases.None);
        // Two states side by side, not one after the other: what the second asks for, it gets.
        var requested = manifests.Pods.SelectMany(p => p.RequestedAddresses).ToHashSet();
        var kept = Leases.Assigned(before.Pods).Where(l => !new[] { l.Value.IPv4, l.Value.IPv6 }.Any(a => a is not null && requested.Contains(a)));
        return Build(manifests, options, new Leases(kept.ToImmutableDictionary(), null, null));
    }

    /// <param name="leases">Pods that have one keep it, and nobody else can ask for its addresses meanwhile.</param>
    public static ClusterResult Build(ManifestSet manifests, NodeOptions options, Leases leases)
    {
        var problems = new List<Diagnostic>();
        var taken = new HashSet<IPAddress> { options.GatewayIPv4, options.GatewayIPv6 };
        var (four, six) = (new Ipam(options.PodNetworkIPv4, taken, leases.LastIPv4), new Ipam(options.PodNetworkIPv6, taken, leases.LastIPv6));
        var kept = Kept(manifests, options, leases);
        var holders = kept.SelectMany(l => new[] { l.Value.IPv4, l.Value.IPv6 }.OfType<IPAddress>().Select(a => (Address: a, Pod: l.Key))).ToDictionary(h => h.Address, h => h.Pod);
        var node = Node(manifests, options);
        taken.UnionWith([node.IPv4!, node.IPv6!]);
        foreach (var pod in manifests.Pods.Where(p => !p.HostNetwork))
            foreach (var address in pod.RequestedAddresses)
                if ((HostAddress.WhyNot(address) ?? Reserve(address)) is { } why)
                    problems.Add(new Diagnostic(AddressCodes.NotPossible, Severity.Error, $"pod {pod.FullName} cannot have the address {address}: {why}", pod.Position,
                        Help: "choose another status.podIP, or leave it out and one is assigned"));
        if (problems.Count > 0) return new ClusterResult(null, problems);

        // Only the node's addresses can be in the way here, where a Node manifest has changed them.
        foreach (var (name, old) in kept)
            if (new[] { old.IPv4, old.IPv6 }.OfType<IPAddress>().Any(a => !taken.Add(a))) kept.Remove(name);

        var pods = manifests.Pods.Select(p => p.HostNetwork
            ? OnNode(p, node)
            : new PodEndpoint(p, Address(p, AddressFamily.InterNetwork, four), Address(p, AddressFamily.InterNetworkV6, six))).ToArray();
        if (problems.Count > 0) return new ClusterResult(null, problems);
        return new ClusterResult(new Cluster(
            manifests.Namespaces.ToDictionary(n => n.Name), pods, manifests.NetworkPolicies, node)
        {
            TierPolicies = manifests.TierPolicies,
            NodeLabels = manifests.Nodes.Count > 0 ? manifests.Nodes[0].Labels : Cluster.DefaultNodeLabels,
        }, problems)
        {
            Leases = new Leases(Leases.Assigned(pods), four.Last, six.Last),
            Taken = new(() => [options.GatewayIPv4, options.GatewayIPv6, node.IPv4!, node.IPv6!, .. pods.Where(p => !p.IsHostNetwork).SelectMany(AddressesOf)]),
        };

        // The loader has already seen to it that no two pods ask for one address.
        string? Reserve(IPAddress address) => holders.TryGetValue(address, out var holder) ? $"pod {holder} has it" :
            taken.Add(address) ? null : "it is the node's";

        IPAddress? Address(PodObject pod, AddressFamily family, Ipam ipam)
        {
            if (pod.RequestedAddresses.Count > 0) return Requested(pod, family);
            if (kept.TryGetValue(pod.FullName, out var old)) return old.Of(family);
            var address = ipam.Next();
            if (address is null && problems.Count == 0)
                problems.Add(new Diagnostic(AddressCodes.PodNetworkFull, Severity.Error,
                    $"the pod network {(family == AddressFamily.InterNetwork ? options.PodNetworkIPv4 : options.PodNetworkIPv6)} is full: no address left for pod {pod.FullName}",
                    pod.Position, Help: "use a larger pod network, or fewer pods"));
            return address;
        }
    }

    /// <summary>A pod that asks for addresses of its own gives its lease back, and so do all where the pod network is another one now.</summary>
    private static Dictionary<string, PodAddresses> Kept(ManifestSet manifests, NodeOptions options, Leases leases)
    {
        var kept = new Dictionary<string, PodAddresses>();
        foreach (var pod in manifests.Pods.Where(p => p is { HostNetwork: false, RequestedAddresses.Count: 0 }))
            if (leases.Pods.TryGetValue(pod.FullName, out var lease)
                && (lease.IPv4 is null || options.PodNetworkIPv4.Contains(lease.IPv4)) && (lease.IPv6 is null || options.PodNetworkIPv6.Contains(lease.IPv6)))
                kept[pod.FullName] = lease;
        return kept;
    }

    private static IEnumerable<IPAddress> AddressesOf(PodEndpoint pod) => new[] { pod.IPv4, pod.IPv6 }.OfType<IPAddress>();

    /// <summary>A Node manifest may name the machine's addresses; without one it is known by the gateway's.</summary>
    private static NodeEndpoint Node(ManifestSet manifests, NodeOptions options)
    {
        var named = manifests.Nodes.Count > 0 ? manifests.Nodes[0].Addresses : [];
        return new NodeEndpoint(
            named.FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork) ?? options.GatewayIPv4,
            named.FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetworkV6) ?? options.GatewayIPv6);
    }

    /// <summary>A hostNetwork pod has the node's addresses; of one family only where its status names only that one.</summary>
    private static PodEndpoint OnNode(PodObject pod, NodeEndpoint node)
    {
        return new PodEndpoint(pod, Has(AddressFamily.InterNetwork) ? node.IPv4 : null, Has(AddressFamily.InterNetworkV6) ? node.IPv6 : null);

        bool Has(AddressFamily family) => pod.RequestedAddresses.Count == 0 || pod.RequestedAddresses.Any(a => a.AddressFamily == family);
    }
}
