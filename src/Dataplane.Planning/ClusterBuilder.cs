using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Planning.Services;
using Dataplane.Policy.Model;

namespace Dataplane.Planning;

/// <summary>A cluster with an address for every pod, or the reasons why there is none.</summary>
public sealed record ClusterResult(Cluster? Cluster, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>The addresses assigned to pods, for the next build.</summary>
    public Leases Leases { get; init; } = Leases.None;

    /// <summary>
    /// Every address of the node and the pods; computed on first use, which is the first change of pods.
    /// </summary>
    internal Lazy<ImmutableHashSet<IPAddress>> Taken { get; init; } = new([]);

    /// <summary>The Services that the cluster's are placed from.</summary>
    internal IReadOnlyList<ServiceObject> ServiceObjects { get; init; } = [];

    /// <summary>What Services have, and the ports of the node that pods have; computed on first use, as
    /// <see cref="Taken"/>.</summary>
    internal Lazy<ServiceClaims> Claims { get; init; } = new(() => new ServiceClaims());
}

/// <summary>
/// Builds a <see cref="Cluster"/> from manifests. Offline answers and the node that carries packets use the same
/// addresses, so an ipBlock that covers pods means the same in both.
/// </summary>
public static partial class ClusterBuilder
{
    /// <param name="before">An earlier state; its pods keep the addresses that were assigned to them.</param>
    public static ClusterResult Build(ManifestSet manifests, NodeOptions options, Cluster? before = null)
    {
        if (before is null) return Build(manifests, options, Leases.None);
        // The states are compared and do not follow each other: requests of the second win over assignments of the
        // first.
        var requested = manifests.Pods.SelectMany(p => p.RequestedAddresses).ToHashSet();
        var kept = Leases.Assigned(before.Pods)
            .Where(l => !new[] { l.Value.IPv4, l.Value.IPv6 }.Any(a => a is not null && requested.Contains(a)));
        return Build(manifests, options, new Leases(kept.ToImmutableDictionary(), null, null)
        {
            Services = ServiceLeases.Of(before.Services, manifests.Services),
        });
    }

    /// <param name="leases">A pod with a lease keeps its addresses, and no other pod can request them.</param>
    public static ClusterResult Build(ManifestSet manifests, NodeOptions options, Leases leases)
    {
        var problems = new List<Diagnostic>();
        var taken = new HashSet<IPAddress> { options.GatewayIPv4, options.GatewayIPv6 };
        var (four, six) = (new Ipam(options.PodNetworkIPv4, taken, leases.LastIPv4),
            new Ipam(options.PodNetworkIPv6, taken, leases.LastIPv6));
        var kept = Kept(manifests, options, leases);
        var holders = new Dictionary<IPAddress, string>();
        foreach (var (name, lease) in kept)
            foreach (var address in new[] { lease.IPv4, lease.IPv6 }.OfType<IPAddress>()) holders.Add(address, name);
        var node = Node(manifests, options);
        taken.UnionWith([node.IPv4!, node.IPv6!]);
        foreach (var pod in manifests.Pods.Where(p => !p.HostNetwork))
        {
            foreach (var address in pod.RequestedAddresses)
            {
                if ((HostAddress.WhyNot(address) ?? Reserve(address)) is not { } why) continue;
                problems.Add(new Diagnostic(AddressCodes.NotPossible, Severity.Error,
                    $"pod {pod.FullName} cannot have the address {address}: {why}", pod.Position,
                    Help: "choose another status.podIP, or leave it out and one is assigned"));
            }
        }
        if (problems.Count > 0) return new ClusterResult(null, problems);

        // A lease is lost only where a Node manifest now claims its address for the node.
        foreach (var (name, old) in kept)
            if (new[] { old.IPv4, old.IPv6 }.OfType<IPAddress>().Any(a => !taken.Add(a))) kept.Remove(name);

        var pods = manifests.Pods.Select(p => p.HostNetwork
            ? OnNode(p, node)
            : new PodEndpoint(p, Address(p, AddressFamily.InterNetwork, four),
                Address(p, AddressFamily.InterNetworkV6, six))).ToArray();
        if (problems.Count > 0) return new ClusterResult(null, problems);
        var claims = new ServiceClaims();
        foreach (var pod in manifests.Pods)
        {
            problems.AddRange(HostPortProblems.Of(pod, claims));
            claims.Add(pod);
        }
        var placement = new ServicePlacement(
            options.Services, options.PodNetworks, leases.Services, claims, taken.Contains);
        var services = placement.Place(manifests.Services, pods);
        problems.AddRange(placement.Problems);
        if (problems.Count > 0) return new ClusterResult(null, problems);
        return new ClusterResult(new Cluster(
            manifests.Namespaces.ToDictionary(n => n.Name), pods, manifests.NetworkPolicies, node)
        {
            TierPolicies = manifests.TierPolicies,
            Unseen = manifests.Unseen,
            BrokenPolicies = manifests.BrokenPolicies,
            EndedPods = manifests.EndedPods,
            Services = services,
            Endpoints = manifests.Endpoints,
            NodeName = manifests.Nodes.Count > 0 ? manifests.Nodes[0].Name : null,
            NodeLabels = manifests.Nodes.Count > 0 ? manifests.Nodes[0].Labels : Cluster.DefaultNodeLabels,
        }, problems)
        {
            Leases = new Leases(Leases.Assigned(pods), four.Last, six.Last)
            {
                Services = placement.Leases(
                    leases.Services.Services.Keys.Except(manifests.Services.Select(s => s.FullName)), services),
            },
            ServiceObjects = manifests.Services,
            Claims = new(() => ServiceClaims.Of(services, pods)),
            Taken = new(() => [options.GatewayIPv4, options.GatewayIPv6, node.IPv4!, node.IPv6!,
                .. pods.Where(p => !p.IsHostNetwork).SelectMany(AddressesOf)]),
        };

        // The loader has refused two pods that request the same address.
        string? Reserve(IPAddress address) => holders.TryGetValue(address, out var holder) ? $"pod {holder} has it" :
            taken.Add(address) ? null : "it is the node's";

        IPAddress? Address(PodObject pod, AddressFamily family, Ipam ipam)
        {
            if (pod.RequestedAddresses.Count > 0) return Requested(pod, family);
            if (kept.TryGetValue(pod.FullName, out var old)) return old.Of(family);
            var address = ipam.Next();
            if (address is null && problems.Count == 0)
            {
                problems.Add(new Diagnostic(AddressCodes.PodNetworkFull, Severity.Error,
                    $"the pod network {options.PodNetworks[family]} is full: no address left for pod {pod.FullName}",
                    pod.Position, Help: "use a larger pod network, or fewer pods"));
            }
            return address;
        }
    }

    /// <summary>The leases that stay: of pods that request no addresses, and inside the pod networks.</summary>
    private static Dictionary<string, PodAddresses> Kept(ManifestSet manifests, NodeOptions options, Leases leases)
    {
        var kept = new Dictionary<string, PodAddresses>();
        foreach (var pod in manifests.Pods.Where(p => p is { HostNetwork: false, RequestedAddresses.Count: 0 }))
        {
            if (leases.Pods.TryGetValue(pod.FullName, out var lease)
                && (lease.IPv4 is null || options.PodNetworkIPv4.Contains(lease.IPv4))
                    && (lease.IPv6 is null || options.PodNetworkIPv6.Contains(lease.IPv6)))
            {
                kept[pod.FullName] = lease;
            }
        }
        return kept;
    }

    private static IEnumerable<IPAddress> AddressesOf(PodEndpoint pod) =>
        new[] { pod.IPv4, pod.IPv6 }.OfType<IPAddress>();

    /// <summary>The addresses of a Node manifest, or those of the gateway where it has none.</summary>
    private static NodeEndpoint Node(ManifestSet manifests, NodeOptions options)
    {
        var named = manifests.Nodes.Count > 0 ? manifests.Nodes[0].Addresses : [];
        return new NodeEndpoint(Of(AddressFamily.InterNetwork), Of(AddressFamily.InterNetworkV6));

        IPAddress Of(AddressFamily family) =>
            named.FirstOrDefault(a => a.AddressFamily == family) ?? options.Gateways[family];
    }

    /// <summary>
    /// A hostNetwork pod has the addresses of the node, of the families that its status names, or of both.
    /// </summary>
    private static PodEndpoint OnNode(PodObject pod, NodeEndpoint node)
    {
        return new PodEndpoint(pod, Has(AddressFamily.InterNetwork) ? node.IPv4 : null,
            Has(AddressFamily.InterNetworkV6) ? node.IPv6 : null);

        bool Has(AddressFamily family) =>
            pod.RequestedAddresses.Count == 0 || pod.RequestedAddresses.Any(a => a.AddressFamily == family);
    }
}
