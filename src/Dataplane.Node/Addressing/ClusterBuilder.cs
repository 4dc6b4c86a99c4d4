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
    public static ClusterResult Build(ManifestSet manifests, NodeOptions options)
    {
        var problems = new List<Diagnostic>();
        var (four, six) = (new Ipam(options.PodNetworkIPv4, options.GatewayIPv4), new Ipam(options.PodNetworkIPv6, options.GatewayIPv6));
        foreach (var pod in manifests.Pods.Where(p => !p.HostNetwork))
            foreach (var address in pod.RequestedAddresses)
                if ((HostAddress.WhyNot(address) ?? Reserve(address)) is { } why)
                    problems.Add(new Diagnostic("A002", Severity.Error, $"pod {pod.FullName} cannot have the address {address}: {why}", pod.Position,
                        Help: "choose another status.podIP, or leave it out and one is assigned"));
        if (problems.Count > 0) return new ClusterResult(null, problems);

        var pods = manifests.Pods.Select(p => p.HostNetwork
            ? new PodEndpoint(p, options.GatewayIPv4, options.GatewayIPv6)
            : new PodEndpoint(p, Address(p, AddressFamily.InterNetwork, four), Address(p, AddressFamily.InterNetworkV6, six))).ToList();
        if (problems.Count > 0) return new ClusterResult(null, problems);
        return new ClusterResult(new Cluster(
            manifests.Namespaces.ToDictionary(n => n.Name), pods, manifests.NetworkPolicies,
            new NodeEndpoint(options.GatewayIPv4, options.GatewayIPv6)), problems);

        // The loader has already seen to it that no two pods ask for one address.
        string? Reserve(IPAddress address) =>
            (address.AddressFamily == AddressFamily.InterNetwork ? four : six).TryReserve(address) ? null : "it is the gateway's";

        IPAddress? Address(PodObject pod, AddressFamily family, Ipam ipam)
        {
            // A pod that names only IPv4 addresses has only IPv4, and the reverse.
            if (pod.RequestedAddresses.Count > 0) return pod.RequestedAddresses.FirstOrDefault(a => a.AddressFamily == family);
            var address = ipam.Next();
            if (address is null && problems.Count == 0)
                problems.Add(new Diagnostic("A001", Severity.Error,
                    $"the pod network {(family == AddressFamily.InterNetwork ? options.PodNetworkIPv4 : options.PodNetworkIPv6)} is full: no address left for pod {pod.FullName}",
                    pod.Position, Help: "use a larger pod network, or fewer pods"));
            return address;
        }
    }
}
