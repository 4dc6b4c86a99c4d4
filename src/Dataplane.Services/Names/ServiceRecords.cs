using System.Net;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;
using Dataplane.Policy.Services;

namespace Dataplane.Services.Names;

/// <summary>
/// The records of one Service and of one pod: Kubernetes DNS-Based Service Discovery 1.1.0 (kubernetes/dns,
/// docs/specification.md). Where it leaves something open, the answer is that of CoreDNS.
/// </summary>
public static class ServiceRecords
{
    /// <summary>The domain of the cluster.</summary>
    public const string Domain = "cluster.local";

    /// <summary>The Service of the name server, whose address is that of the zone's name server too.</summary>
    private const string NameServer = "kube-system/kube-dns";

    /// <summary>The name of the zone's own server, as CoreDNS has it.</summary>
    public const string NameServerName = $"ns.dns.{Domain}";

    /// <summary>May hold a record twice, as endpoints may be there twice.</summary>
    public static IEnumerable<NameRecord> Of(PlacedService service, IReadOnlyList<ServiceEndpoint> endpoints)
    {
        var name = NameOf(service.Object);
        if (service.Object.Type == ServiceType.ExternalName)
            return [NameRecord.Alias(name, service.Object.ExternalName!.ToLowerInvariant())];
        return service.Object.IsHeadless ? OfEndpoints(service.Object, name, endpoints) : OfAddresses(service, name);
    }

    /// <summary><c>a-b-c-d.NAMESPACE.pod.DOMAIN</c>, for addresses that a pod of the namespace has.</summary>
    public static IEnumerable<NameRecord> Of(PodEndpoint pod) =>
        AddressFamilies.All.Select(pod.Address).OfType<IPAddress>()
            .Select(a => NameRecord.Of($"{Dashed(a)}.{pod.Pod.Namespace}.pod.{Domain}", a));

    private static string NameOf(ServiceObject service) => $"{service.Name}.{service.Namespace}.svc.{Domain}";

    private static IEnumerable<NameRecord> OfAddresses(PlacedService service, string name)
    {
        foreach (var address in AddressFamilies.All.Select(f => service.Addresses[f]).OfType<IPAddress>())
        {
            yield return NameRecord.Of(name, address);
            yield return NameRecord.Pointer(address, name);
            if (service.Name == NameServer) yield return NameRecord.Of(NameServerName, address);
        }
        foreach (var port in service.Object.Ports.Where(p => p.Name is not null))
            yield return NameRecord.Service(PortName(port, name), port.Port, name);
    }

    private static IEnumerable<NameRecord> OfEndpoints(
        ServiceObject service, string name, IReadOnlyList<ServiceEndpoint> endpoints)
    {
        foreach (var endpoint in endpoints.Where(e => e.IsReady))
        {
            var own = $"{(endpoint.HostName ?? Dashed(endpoint.Address)).ToLowerInvariant()}.{name}";
            yield return NameRecord.Of(name, endpoint.Address);
            yield return NameRecord.Of(own, endpoint.Address);
            yield return NameRecord.Pointer(endpoint.Address, own);
            foreach (var (port, number) in service.Ports.Zip(endpoint.Ports))
            {
                if (port.Name is not null && number is { } there)
                    yield return NameRecord.Service(PortName(port, name), there, own);
            }
        }
    }

    private static string PortName(ServicePort port, string name) =>
        $"_{port.Name}._{port.Protocol.ToString().ToLowerInvariant()}.{name}";

    private static string Dashed(IPAddress address) => address.ToString().Replace('.', '-').Replace(':', '-');
}
