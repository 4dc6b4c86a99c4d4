using System.Net;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Services;

/// <summary>What the controllers of a cluster put behind a Service (endpointslice, endpointslicemirroring).</summary>
public static class ServiceEndpoints
{
    private const string NotMirrored = "endpointslice.kubernetes.io/skip-mirror";

    /// <summary>
    /// All of the families that the Service has, ready or not: the pods that its selector finds, in their order, then
    /// those that objects list. An address may be there twice.
    /// </summary>
    public static IReadOnlyList<ServiceEndpoint> Of(Cluster cluster, PlacedService service) =>
        service.Object.Type == ServiceType.ExternalName ? []
            : [.. OfPods(cluster, service).Concat(OfObjects(cluster, service.Object))
                .Where(e => service.Families.Contains(e.Address.AddressFamily))];

    private static IEnumerable<ServiceEndpoint> OfPods(Cluster cluster, PlacedService service)
    {
        foreach (var pod in cluster.Pods.Where(p => service.Object.Selects(p.Pod)))
        {
            foreach (var family in AddressFamilies.All)
            {
                if (pod.Address(family) is { } address)
                {
                    yield return OfPod(service.Object, pod, address);
                }
            }
        }
    }

    private static ServiceEndpoint OfPod(ServiceObject service, PodEndpoint endpoint, IPAddress address)
    {
        var pod = endpoint.Pod;
        return new ServiceEndpoint(address, [.. service.Ports.Select(port => Target(port, pod))],
            service.PublishesNotReady || (pod.IsReady && !pod.IsTerminating), pod.IsReady, pod.IsTerminating,
            IsLocal: true, pod.Subdomain == service.Name ? pod.HostName : null, endpoint, pod);
    }

    /// <summary>A port that is named is the pod's first one of that name and protocol.</summary>
    private static ushort? Target(ServicePort port, PodObject pod) => port.TargetNumber
        ?? pod.Ports.FirstOrDefault(p => p.Name == port.TargetName && p.Protocol == port.Protocol)?.Port;

    private static IEnumerable<ServiceEndpoint> OfObjects(Cluster cluster, ServiceObject service) =>
        from listing in cluster.Endpoints
        where listing.Namespace == service.Namespace && listing.Service == service.Name && Counts(listing, service)
        from subset in listing.Subsets
        from address in subset.Addresses
        let pod = cluster.At(address.Address) as PodEndpoint
        select new ServiceEndpoint(address.Address, [.. service.Ports.Select(port => Target(port, subset))],
            address.IsReady, address.IsServing, address.IsTerminating, IsLocal(cluster, address), address.HostName,
            pod, listing);

    /// <summary>
    /// With a selector, a controller would write Endpoints and its own slices anew, and leaves other slices alone.
    /// Without one, both kinds count, Endpoints by way of the slices that mirror them.
    /// </summary>
    public static bool Counts(EndpointsObject listing, ServiceObject service) =>
        listing.ObjectKind == ObjectKinds.EndpointSlice
            ? service.Selector.Count == 0 || !listing.IsManaged
            : service.Selector.Count == 0
                && !(listing.Labels.TryGetValue(NotMirrored, out var value) && value == "true");

    /// <summary>By name and protocol; the target of the Service's port does not matter.</summary>
    private static ushort? Target(ServicePort port, EndpointSubset subset) =>
        subset.Ports.FirstOrDefault(p => p.Name == port.Name && p.Protocol == port.Protocol)?.Port;

    private static bool IsLocal(Cluster cluster, EndpointAddress address) =>
        (address.NodeName is not null && address.NodeName == cluster.NodeName)
        || cluster.At(address.Address) is not ExternalEndpoint;
}
