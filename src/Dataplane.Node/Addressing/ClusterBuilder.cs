using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes;
using Dataplane.Policy;

namespace Dataplane.Node.Addressing;

/// <summary>A cluster with an address for every pod, or the reasons why there is none.</summary>
public sealed record ClusterResult(Cluster? Cluster, IReadOnlyList<Diagnostic> Diagnostics);

/// <summary>
/// From manifests to a <see cref="Cluster"/>: the same for the offline answers and for the node that carries packets, so that an
/// ipBlock that covers pods means the same in both.
/// </summary>
public static class ClusterBuilder
{
    /// <param name="before">An earlier state: pods that it has keep the addresses that were assigned to them.</param>
    public static ClusterResult Build(ManifestSet manifests, NodeOptions options, Cluster? before = null)
    {
        var problems = new List<Diagnostic>();
        var (four, six) = (new Ipam(options.PodNetworkIPv4, options.GatewayIPv4), new Ipam(options.PodNetworkIPv6, options.GatewayIPv6));
        var node = Node(manifests, options);
        foreach (var address in new[] { node.IPv4!, node.IPv6! }) (address.AddressFamily == AddressFamily.InterNetwork ? four : six).TryReserve(address);
        foreach (var pod in manifests.Pods.Where(p => !p.HostNetwork))
            foreach (var address in pod.RequestedAddresses)
                if ((HostAddress.WhyNot(address) ?? Reserve(address)) is { } why)
                    problems.Add(new Diagnostic(AddressCodes.NotPossible, Severity.Error, $"pod {pod.FullName} cannot have the address {address}: {why}", pod.Position,
                        Help: "choose another status.podIP, or leave it out and one is assigned"));
        if (problems.Count > 0) return new ClusterResult(null, problems);

        var kept = Kept(manifests, before);
        foreach (var (name, old) in kept)
            if (new[] { old.IPv4, old.IPv6 }.OfType<IPAddress>().Any(a => !(a.AddressFamily == AddressFamily.InterNetwork ? four : six).TryReserve(a))) kept.Remove(name);

        var pods = manifests.Pods.Select(p => p.HostNetwork
            ? OnNode(p, node)
            : new PodEndpoint(p, Address(p, AddressFamily.InterNetwork, four), Address(p, AddressFamily.InterNetworkV6, six))).ToList();
        if (problems.Count > 0) return new ClusterResult(null, problems);
        return new ClusterResult(new Cluster(
            manifests.Namespaces.ToDictionary(n => n.Name), pods, manifests.NetworkPolicies, node)
        {
            TierPolicies = manifests.TierPolicies,
            NodeLabels = manifests.Nodes.Count > 0 ? manifests.Nodes[0].Labels : Cluster.DefaultNodeLabels,
        }, problems);

        // The loader has already seen to it that no two pods ask for one address.
        string? Reserve(IPAddress address) =>
            (address.AddressFamily == AddressFamily.InterNetwork ? four : six).TryReserve(address) ? null : "it is the node's";

        IPAddress? Address(PodObject pod, AddressFamily family, Ipam ipam)
        {
            // A pod that names only IPv4 addresses has only IPv4, and the reverse.
            if (pod.RequestedAddresses.Count > 0) return pod.RequestedAddresses.FirstOrDefault(a => a.AddressFamily == family);
            if (kept.TryGetValue(pod.FullName, out var old)) return old.Address(family);
            var address = ipam.Next();
            if (address is null && problems.Count == 0)
                problems.Add(new Diagnostic(AddressCodes.PodNetworkFull, Severity.Error,
                    $"the pod network {(family == AddressFamily.InterNetwork ? options.PodNetworkIPv4 : options.PodNetworkIPv6)} is full: no address left for pod {pod.FullName}",
                    pod.Position, Help: "use a larger pod network, or fewer pods"));
            return address;
        }
    }

    private static Dictionary<string, PodEndpoint> Kept(ManifestSet manifests, Cluster? before)
    {
        if (before is null) return [];
        var assigned = manifests.Pods.Where(p => p is { HostNetwork: false, RequestedAddresses.Count: 0 }).Select(p => p.FullName).ToHashSet();
        return before.Pods.Where(p => p is { IsHostNetwork: false, Pod.RequestedAddresses.Count: 0 } && assigned.Contains(p.Name)).ToDictionary(p => p.Name);
    }

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
