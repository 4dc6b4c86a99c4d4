using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Model;

namespace Dataplane.Planning.Services;

/// <summary>
/// What keeps a Service from what it asks for, in the words of the API server, with the places of both.
/// </summary>
/// <param name="podNetworks">No address for packets from outside is of them.</param>
/// <param name="pods">Those that addresses may be of.</param>
internal sealed class ServiceProblems(ServiceRanges ranges, PerFamily<IPNetwork> podNetworks,
    IReadOnlyList<PodEndpoint> pods, List<Diagnostic> all)
{
    private readonly HashSet<string> _full = [];

    public static bool IsOf(IPNetwork network, IPAddress address)
    {
        var (first, last) = ServiceNumbers.Range(network);
        return AddressRange.ToNumber(address) is var number && number >= first && number <= last;
    }

    public bool IsPossible(ServiceObject service, IPAddress address)
    {
        var network = ranges.Networks[address.AddressFamily];
        if (!IsOf(network, address))
        {
            Cannot(service, $"the ClusterIP {address}: it is not in the valid range, {network}",
                "leave out clusterIP and one is assigned, or name with --service-cidr the range of the cluster that "
                    + "the manifest is of");
            return false;
        }
        if (ReservedAddresses.KeptFor(address, network) is { } keeper && keeper != service.FullName)
        {
            Cannot(service, $"the ClusterIP {address}: it is kept for Service {keeper}",
                "choose another clusterIP, or leave it out and one is assigned");
            return false;
        }
        return true;
    }

    /// <summary>
    /// Reports an address for packets from outside that is one of a pod or of another Service, or may become one: the
    /// Service would take what is for them (CVE-2020-8554).
    /// </summary>
    public void FindInside(ServiceObject service, IPAddress address)
    {
        var services = ranges.Networks[address.AddressFamily];
        var (what, network) = services.Contains(address)
            ? ("service", services) : ("pod", podNetworks[address.AddressFamily]);
        if (!network.Contains(address)) return;
        Cannot(service, $"the external address {address}: it is in the {what} network, {network}",
            "name an address outside of it, which others send to this node");
    }

    /// <summary>Reports that a pod has an address that a Service asks for, or has, or else the node.</summary>
    /// <returns>True.</returns>
    public bool IsOfPodOrNode(ServiceObject service, IPAddress address)
    {
        if (!IsOfPod(service, address))
        {
            all.Add(new Diagnostic(AddressCodes.ServiceAddressTaken, Severity.Error,
                $"Service {service.FullName} cannot have the address {address}: the node has it",
                service.AddressPlace,
                Help: "give one of them another address"));
        }
        return true;
    }

    /// <summary>Whether a pod, which is reported, has an address that a Service asks for, or has.</summary>
    public bool IsOfPod(ServiceObject service, IPAddress address)
    {
        var pod = pods.FirstOrDefault(p => !p.IsHostNetwork && (address.Equals(p.IPv4) || address.Equals(p.IPv6)));
        if (pod is null) return false;
        all.Add(new Diagnostic(AddressCodes.ServiceAddressTaken, Severity.Error,
            $"Service {service.FullName} cannot have the address {address}: pod {pod.Name} has it, "
                + $"at {pod.Pod.Position}",
            service.AddressPlace, Help: "give one of them another address")
        {
            Related = new RelatedPlace(pod.Pod.Position, 1, "has the address"),
        });
        return true;
    }

    public bool IsFree(ServiceObject service, IPAddress address, ServiceObject? holder) =>
        holder is null || Taken(AddressCodes.ServiceAddressTaken, service, service.AddressPlace, holder,
            holder.AddressPlace, $"the ClusterIP {address}", "clusterIP");

    /// <summary>As <see cref="IsFree(ServiceObject, IPAddress, ServiceObject?)"/>, for what the Service has.</summary>
    public bool IsLeft(ServiceObject service, IPAddress address, ServiceObject? holder) =>
        holder is null || !holder.Addresses.Contains(address) || Taken(AddressCodes.ServiceAddressTaken, holder,
            holder.AddressPlace, service, service.AddressPlace, $"the ClusterIP {address}", "clusterIP");

    public bool IsPossible(ServiceObject service, ushort port, SourcePosition at)
    {
        var (first, last) = ranges.NodePorts;
        if (port >= first && port <= last) return true;
        all.Add(new Diagnostic(AddressCodes.NodePortNotPossible, Severity.Error,
            $"Service {service.FullName} cannot have port {port} of the node: it is not in the valid range, "
                + $"{first}-{last}", at, Help: "choose one of the range, or leave it out and one is assigned"));
        return false;
    }

    public bool IsFree(ServiceObject service, ushort port, SourcePosition at, ServiceObject? holder) =>
        holder is null
        || Taken(AddressCodes.NodePortTaken, service, at, holder, HostPortProblems.PlaceOf(holder, port),
            $"port {port} of the node", "nodePort");

    /// <summary>As <see cref="IsFree(ServiceObject, ushort, SourcePosition, ServiceObject?)"/>, for what the Service
    /// has.</summary>
    public bool IsLeft(ServiceObject service, ushort port, ServiceObject? holder)
    {
        if (holder is null || ReferenceEquals(holder, service)) return holder is null;
        if (holder.HealthCheckPort != port && !holder.Ports.Any(p => p.NodePort == port)) return false;
        return Taken(AddressCodes.NodePortTaken, holder, HostPortProblems.PlaceOf(holder, port), service,
            HostPortProblems.PlaceOf(service, port), $"port {port} of the node", "nodePort");
    }

    /// <summary>As <see cref="IsFree(ServiceObject, ushort, SourcePosition, ServiceObject?)"/>, where pods may have
    /// it.</summary>
    public bool IsFree(ServiceObject service, ushort port, SourcePosition at, IReadOnlyList<PodObject> holders)
    {
        if (holders is not [var pod, ..]) return true;
        all.Add(HostPortProblems.Taken($"Service {service.FullName}", at, port, pod,
            "choose another nodePort, or leave it out and one is assigned"));
        return false;
    }

    /// <summary>As above, for what the Service has.</summary>
    public bool IsLeft(ServiceObject service, ushort port, IReadOnlyList<PodObject> holders)
    {
        if (holders is not [var pod, ..]) return true;
        all.Add(HostPortProblems.Taken(pod, port, service));
        return false;
    }

    public void Full(ServiceObject service, AddressFamily family) => FullOnce(service, $"{ranges.Networks[family]}",
        $"no ClusterIP is left in {ranges.Networks[family]}", "use a larger --service-cidr, or fewer Services");

    public void NoNodePort(ServiceObject service) => FullOnce(service, "ports",
        $"no port of the node is left in {ranges.NodePorts.First}-{ranges.NodePorts.Last}",
        "use fewer Services of type NodePort and LoadBalancer, or `allocateLoadBalancerNodePorts: false`");

    /// <summary>The first Service that nothing is left for stands for all.</summary>
    private void FullOnce(ServiceObject service, string what, string why, string help)
    {
        if (!_full.Add(what)) return;
        all.Add(new Diagnostic(AddressCodes.ServicesFull, Severity.Error, $"{why} for Service {service.FullName}",
            service.Position, Help: help));
    }

    private void Cannot(ServiceObject service, string what, string help) => all.Add(new Diagnostic(
        AddressCodes.ServiceAddressNotPossible, Severity.Error, $"Service {service.FullName} cannot have {what}",
        service.AddressPlace, Help: help));

    /// <returns>False.</returns>
    private bool Taken(string code, ServiceObject asking, SourcePosition at, ServiceObject holder,
        SourcePosition place, string what, string field)
    {
        all.Add(new Diagnostic(code, Severity.Error,
            ReferenceEquals(asking, holder) ? $"Service {asking.FullName} asks for {what} twice"
                : $"Service {asking.FullName} cannot have {what}: Service {holder.FullName} has it, "
                    + $"at {place}",
            at, Help: $"choose another {field}, or leave it out and one is assigned")
        {
            Related = ReferenceEquals(asking, holder) ? null : new RelatedPlace(place, 1, "has it"),
        });
        return false;
    }
}
