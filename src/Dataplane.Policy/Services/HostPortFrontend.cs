using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Services;

/// <summary>
/// A port of the node that leads to one pod (<c>hostPort</c>), as containerd's and CNI's portmap do it: the destination
/// is translated, the source is kept, and whether the pod is ready does not matter.
/// </summary>
/// <param name="Address">The address of the node.</param>
public sealed record HostPortFrontend(PodEndpoint Pod, HostPort Port, IPAddress Address)
{
    public Probe Probe => new(Port.Protocol.ToFlowProtocol(), Port.Number);

    /// <summary>The pod, at the port that is meant.</summary>
    public ServiceBackend Backend => Pod.Address(Address.AddressFamily) is { } address
        ? new ServiceBackend(address, Port.Target, new ServiceEndpoint(address, [Port.Target], IsReady: true,
            IsServing: true, IsTerminating: false, IsLocal: true, null, Pod, Pod.Pod))
        : throw new InvalidOperationException($"{Pod.Name} has no address of the family of {Address}");

    /// <summary>
    /// All, in the order of the pods; none of a hostNetwork pod, which is the node's own, in a family that the pod
    /// lacks, and at loopback addresses.
    /// </summary>
    public static IEnumerable<HostPortFrontend> Of(Cluster cluster) =>
        from pod in cluster.Pods
        where !pod.IsHostNetwork
        from port in pod.Pod.HostPorts
        from family in AddressFamilies.All
        where pod.Address(family) is not null
        let address = At(cluster.Node, port, family)
        where address is not null
        select new HostPortFrontend(pod, port, address);

    /// <summary>
    /// The one that a packet is for: of several pods, which then are of several nodes, the first by name. Null: none.
    /// </summary>
    public static HostPortFrontend? Find(Cluster cluster, IPAddress destination, Probe probe) => Of(cluster)
        .Where(f => f.Address.Equals(destination) && f.Probe == probe)
        // An address that is named goes before all addresses.
        .OrderBy(f => f.Port.IsAtAll(destination.AddressFamily))
        .ThenBy(f => f.Pod.Name, StringComparer.Ordinal).FirstOrDefault();

    private static IPAddress? At(NodeEndpoint node, HostPort port, AddressFamily family) =>
        port.IsAtAll(family) ? node.AddressIn(family)
        : port.Address is { } named && named.AddressFamily == family && !IPAddress.IsLoopback(named) ? named : null;
}
