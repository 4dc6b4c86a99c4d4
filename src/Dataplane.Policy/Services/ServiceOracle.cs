using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Services;

/// <summary>
/// The specification of Services, and of host ports behind them, as code: what the API text says and kube-proxy does,
/// one Service after another, with no preparation. Slow and meant to be read; the compiled table is tested against it.
/// </summary>
/// <remarks>
/// Choices where the API text leaves one: other machines do not reach ClusterIPs, and are refused; what a Service
/// lacks is refused at its ClusterIPs only, since its other addresses may have uses of their own. A Service with
/// <c>loadBalancerSourceRanges</c> of one family is closed in the other (kube-proxy leaves it open).
/// </remarks>
public static class ServiceOracle
{
    /// <param name="source">A pod or the node is inside, an address outside; the address is that of the family of
    /// <paramref name="destination"/>.</param>
    /// <exception cref="ArgumentException">The source has no address of the family.</exception>
    public static ServiceAnswer Ask(Cluster cluster, Endpoint source, IPAddress destination, Probe probe)
    {
        if (ServiceFrontend.Find(cluster, source, destination, probe) is { } frontend)
        {
            return Through(cluster, source, frontend);
        }
        if (HostPortFrontend.Find(cluster, destination, probe) is { } hostPort)
        {
            return new ServiceAnswer(ServiceFate.Translated, null, [hostPort.Backend]);
        }
        var isClusterIP = cluster.Services.Any(s => AddressFamilies.All.Any(f => destination.Equals(s.Addresses[f])));
        return new ServiceAnswer(isClusterIP ? ServiceFate.Refused : ServiceFate.NotForService, null, []);
    }

    /// <summary>What becomes of a packet that is known to be for a frontend.</summary>
    /// <inheritdoc cref="Ask"/>
    public static ServiceAnswer Through(Cluster cluster, Endpoint source, ServiceFrontend frontend) =>
        Through(source, frontend, ServiceEndpoints.Of(cluster, frontend.Service));

    /// <param name="endpoints">All of the Service.</param>
    public static ServiceAnswer Through(Endpoint source, ServiceFrontend frontend,
        IReadOnlyList<ServiceEndpoint> endpoints)
    {
        var family = frontend.Address.AddressFamily;
        var address = source.AddressIn(family)
            ?? throw new ArgumentException($"{source.Name} has no {family.Text()} address", nameof(source));
        if (frontend.Kind == FrontendKind.LoadBalancer && frontend.Service.Object.SourceRanges is { Count: > 0 } ranges
            && !ranges.Any(range => range.Contains(address)))
        {
            return new ServiceAnswer(ServiceFate.Dropped, frontend, []);
        }
        var all = Candidates(frontend, family, endpoints);
        var isLocal = IsLocal(frontend, isInside: source is not ExternalEndpoint);
        var backends = Chosen(isLocal ? [.. all.Where(b => b.Endpoint.IsLocal)] : all);
        var fate = backends.Count > 0 ? ServiceFate.Translated
            : isLocal && all.Exists(b => b.Endpoint.IsUsable) ? ServiceFate.Dropped : ServiceFate.Refused;
        return new ServiceAnswer(fate, frontend, backends);
    }

    /// <summary>
    /// Whether the packet stays on the node. From inside, a frontend for outside leads to endpoints of all nodes,
    /// whatever the policy.
    /// </summary>
    private static bool IsLocal(ServiceFrontend frontend, bool isInside)
    {
        var service = frontend.Service.Object;
        return frontend.Kind == FrontendKind.ClusterIP ? service.InternalPolicy == TrafficPolicy.Local
            : !isInside && service.ExternalPolicy == TrafficPolicy.Local;
    }

    private static List<ServiceBackend> Candidates(ServiceFrontend frontend, AddressFamily family,
        IReadOnlyList<ServiceEndpoint> endpoints) =>
        [.. from endpoint in endpoints
            where endpoint.Address.AddressFamily == family && endpoint.Ports[frontend.PortIndex] is not null
            select new ServiceBackend(endpoint.Address, endpoint.Ports[frontend.PortIndex]!.Value, endpoint)];

    /// <summary>The ready ones; without any, those that terminate and still serve (KEP-1669).</summary>
    private static List<ServiceBackend> Chosen(List<ServiceBackend> candidates)
    {
        var ready = candidates.Where(b => b.Endpoint.IsReady).ToList();
        var chosen = ready.Count > 0 ? ready : candidates.Where(b => b.Endpoint.IsUsable);
        return [.. chosen.DistinctBy(b => (b.Address, b.Port))];
    }
}
