using System.Net.Sockets;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Services;

/// <summary>Why a port of a Service leads to nothing.</summary>
/// <param name="Because">A sentence without its full stop.</param>
/// <param name="At">The field or the object that it is about.</param>
public readonly record struct EndpointGap(string Because, SourcePosition At)
{
    /// <param name="service">Has no endpoint that is used, by this port and in this family.</param>
    /// <param name="port">The place of the port in the Service.</param>
    public static EndpointGap Of(Cluster cluster, PlacedService service, int port, AddressFamily family)
    {
        var spec = service.Object;
        if (spec.Selector.Count > 0 && !Selected(cluster, spec).Any() && !Listings(cluster, spec).Any())
            return OfSelector(cluster, spec);
        if (spec.Selector.Count == 0 && !Listings(cluster, spec).Any()) return OfNothing(spec);
        var all = ServiceEndpoints.Of(cluster, service).Where(e => e.Address.AddressFamily == family).ToList();
        if (all.Count == 0)
        {
            return new EndpointGap(spec.Selector.Count > 0 ? $"no pod that it selects has an {family.Text()} address"
                : $"no {family.Text()} address is listed for it", PlaceOf(spec));
        }
        if (all.TrueForAll(e => e.Ports[port] is null)) return OfPort(cluster, spec, spec.Ports[port]);
        var waiting = all.Where(e => e.Ports[port] is not null).ToList();
        var names = waiting.Select(e => e.Pod?.Name ?? $"{e.Address}").Distinct().ToList();
        return new EndpointGap($"none of its endpoints is ready: {string.Join(", ", names.Take(3))}"
            + (names.Count > 3 ? ", ..." : ""), waiting[0].Origin.Position);
    }

    /// <summary>Null: pods, or objects, have the port.</summary>
    public static EndpointGap? Of(Cluster cluster, ServiceObject service, ServicePort port)
    {
        if (service.Selector.Count == 0)
        {
            return Ports(cluster, service).Any(p => p.Name == port.Name && p.Protocol == port.Protocol) ? null
                : OfPort(cluster, service, port);
        }
        return port.TargetName is null || Selected(cluster, service).SelectMany(pod => pod.Ports)
            .Any(p => p.Name == port.TargetName && p.Protocol == port.Protocol) ? null
            : OfPort(cluster, service, port);
    }

    /// <summary>The objects that list addresses for a Service.</summary>
    public static IEnumerable<EndpointsObject> Listings(Cluster cluster, ServiceObject service) =>
        cluster.Endpoints.Where(e => e.Namespace == service.Namespace && e.Service == service.Name
            && e.Subsets.Any(s => s.Addresses.Count > 0));

    /// <summary>The selector as manifests write labels on a command line.</summary>
    public static string Text(ServiceObject service) =>
        string.Join(",", service.Selector.Select(l => $"{l.Key}={l.Value}"));

    private static EndpointGap OfSelector(Cluster cluster, ServiceObject service)
    {
        var none = $"no pod of {service.Namespace} has {Text(service)}";
        var elsewhere = cluster.Pods.FirstOrDefault(p =>
            service.Selector.All(l => p.Pod.Labels.TryGetValue(l.Key, out var value) && value == l.Value));
        if (elsewhere is not null)
            return new EndpointGap($"{none}; {elsewhere.Name} is in another namespace", PlaceOf(service));
        var near = cluster.Pods.Where(p => p.Pod.Namespace == service.Namespace)
            .Select(p => (p.Name, Labels: p.Pod.Labels.Where(l => service.Selector.ContainsKey(l.Key)).ToList()))
            .FirstOrDefault(p => p.Labels.Count > 0);
        return new EndpointGap(near.Labels is null ? none
            : $"{none}; {near.Name} has {string.Join(",", near.Labels.Select(l => $"{l.Key}={l.Value}"))}",
            PlaceOf(service));
    }

    private static EndpointGap OfNothing(ServiceObject service) => new(
        "it has no selector, and no Endpoints or EndpointSlice lists an address for it", service.Position);

    private static EndpointGap OfPort(Cluster cluster, ServiceObject service, ServicePort port)
    {
        var protocol = port.Protocol.ToFlowProtocol().Text();
        if (service.Selector.Count == 0)
        {
            var wanted = port.Name is { } name ? $"port {name}, {protocol}" : $"port without a name, {protocol}";
            var first = Listings(cluster, service).First();
            return new EndpointGap($"{first.Kind} {first.FullName} lists no {wanted}{Other(Ports(cluster, service)
                .Select(p => $"{p.Name ?? "one without a name"}, {p.Protocol.ToFlowProtocol().Text()}"))}",
                Ports(cluster, service).FirstOrDefault()?.Position ?? first.Position);
        }
        if (port.TargetName is null) return new EndpointGap($"no {protocol} port is listed for it", port.Position);
        var pods = Selected(cluster, service).ToList();
        var declared = pods.SelectMany(pod => pod.Ports).Where(p => p.Name is not null).ToList();
        var at = port.TargetPosition ?? port.Position;
        return declared.Find(p => p.Name == port.TargetName) is { } other
            ? new EndpointGap($"{pods.First(p => p.Ports.Contains(other)).FullName} has {port.TargetName} for "
                + $"{other.Protocol.ToFlowProtocol().Text()}, and the Service asks for {protocol}", at)
            : new EndpointGap($"no pod that it selects names a port {port.TargetName}"
                + Other(declared.Select(p => p.Name!)), at);
    }

    private static string Other(IEnumerable<string> names) => names.Distinct(StringComparer.Ordinal).Take(3).ToList()
        is { Count: > 0 } some ? $"; there is {string.Join("; ", some)}" : "";

    private static IEnumerable<EndpointPort> Ports(Cluster cluster, ServiceObject service) =>
        Listings(cluster, service).SelectMany(l => l.Subsets).SelectMany(s => s.Ports);

    private static IEnumerable<PodObject> Selected(Cluster cluster, ServiceObject service) =>
        cluster.Pods.Select(p => p.Pod).Where(service.Selects);

    private static SourcePosition PlaceOf(ServiceObject service) =>
        service.Requirements is [var first, ..] ? first.Position : service.Position;
}
