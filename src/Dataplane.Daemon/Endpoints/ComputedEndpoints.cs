using System.Net.Sockets;
using System.Text;
using Dataplane.Api;
using Dataplane.Control.Reconcile;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;
using Dataplane.Policy.Services;

namespace Dataplane.Daemon.Endpoints;

/// <summary>
/// The Endpoints and EndpointSlices that controllers of a cluster would write for Services with a selector, and the
/// slices that mirror Endpoints. They are computed when they are asked for, and are no part of the desired state.
/// </summary>
internal static class ComputedEndpoints
{
    /// <summary>In the place of where an object comes from.</summary>
    private const string Source = "selector";

    /// <param name="kind">Endpoints or EndpointSlice.</param>
    public static IEnumerable<ObjectEntry> Of(NodeSnapshot snapshot, ObjectKind kind)
    {
        var cluster = snapshot.Cluster;
        var finder = new EndpointFinder(cluster with { Endpoints = [] });
        foreach (var service in cluster.Services.Where(s => s.Object.Selector.Count > 0 && s.Families.Count > 0))
        {
            var found = finder.Of(service);
            if (kind == ObjectKinds.Endpoints)
            {
                // They know the first family alone.
                List<ServiceEndpoint> endpoints = [.. found.Where(e => e.Address.AddressFamily == service.Families[0])];
                yield return Entry(kind, service.Object, service.Object.Name, service.Object,
                    Endpoints(service.Object, endpoints));
                continue;
            }
            foreach (var family in service.Families)
            {
                // One for each set of ports, which pods may give other numbers; an empty one where there is none.
                List<List<ServiceEndpoint>> groups =
                    [.. ByPorts([.. found.Where(e => e.Address.AddressFamily == family)]).Select(g => g.ToList())];
                if (groups.Count == 0) groups.Add([]);
                foreach (var (i, endpoints) in groups.Index())
                {
                    var name = SliceName(service.Object, family, i);
                    yield return Entry(kind, service.Object, name, service.Object,
                        Slice(service.Object, name, family, endpoints));
                }
            }
        }
        if (kind != ObjectKinds.EndpointSlice) yield break;
        foreach (var mirrored in Mirrored(cluster)) yield return mirrored;
    }

    /// <summary>The slices of Endpoints that were written by hand (endpointslicemirroring).</summary>
    private static IEnumerable<ObjectEntry> Mirrored(Cluster cluster)
    {
        var services = cluster.Services.ToDictionary(s => s.Name);
        foreach (var listing in cluster.Endpoints.Where(l => l.ObjectKind == ObjectKinds.Endpoints))
        {
            if (!services.TryGetValue(listing.FullName, out var placed)
                || !ServiceEndpoints.Counts(listing, placed.Object))
            {
                continue;
            }
            foreach (var family in AddressFamilies.All)
            {
                var subsets = listing.Subsets.Where(s => s.Addresses.Any(a => a.Address.AddressFamily == family));
                foreach (var (i, subset) in subsets.Index())
                {
                    var name = SliceName(placed.Object, family, i);
                    var text = Head("discovery.k8s.io/v1", "EndpointSlice", placed.Object, name,
                        $"kubernetes.io/service-name: \"{placed.Object.Name}\", "
                            + "endpointslice.kubernetes.io/managed-by: endpointslicemirroring-controller.k8s.io");
                    text.Append($"addressType: {family.Text()}\nendpoints:\n");
                    foreach (var address in subset.Addresses.Where(a => a.Address.AddressFamily == family))
                    {
                        Endpoint(text, $"{address.Address}", address.IsReady, address.IsServing, address.IsTerminating,
                            address.HostName, address.Pod);
                    }
                    Ports(text, subset.Ports, "");
                    yield return Entry(ObjectKinds.EndpointSlice, placed.Object, name, listing, $"{text}");
                }
            }
        }
    }

    private static string SliceName(ServiceObject service, AddressFamily family, int index) =>
        $"{service.Name}-{family.Text().ToLowerInvariant()}{(index == 0 ? "" : $"-{index + 1}")}";

    private static ObjectEntry Entry(ObjectKind kind, ServiceObject service, string name, KubernetesObject origin,
        string text) => new(kind.Name, $"{service.Namespace}/{name}", origin.Position.File, origin.Position.Line,
            Source, text) { Labels = service.Labels };

    private static string Endpoints(ServiceObject service, List<ServiceEndpoint> endpoints)
    {
        var text = Head("v1", "Endpoints", service, service.Name,
            "endpoints.kubernetes.io/managed-by: endpoint-controller");
        // A pod without any of the ports is left out.
        var served = service.Ports.Count == 0 ? endpoints : [.. endpoints.Where(e => e.Ports.Any(p => p is not null))];
        text.Append("subsets:").Append(served.Count == 0 ? " []\n" : "\n");
        foreach (var same in ByPorts(served))
        {
            var lists = ((string Field, IEnumerable<ServiceEndpoint> Of)[])[
                ("addresses", same.Where(e => e.IsReady)), ("notReadyAddresses", same.Where(e => !e.IsReady))];
            var mark = "- ";
            foreach (var (field, of) in lists.Where(l => l.Of.Any()))
            {
                text.Append($"{mark}{field}:\n");
                mark = "  ";
                foreach (var endpoint in of)
                    text.Append($"  - {{ip: \"{endpoint.Address}\"{Host(endpoint)}{Target(endpoint)}}}\n");
            }
            Ports(text, Ports(service, same.First()), "  ");
        }
        return text.ToString();
    }

    private static string Slice(ServiceObject service, string name, AddressFamily family,
        List<ServiceEndpoint> endpoints)
    {
        var text = Head("discovery.k8s.io/v1", "EndpointSlice", service, name,
            $"kubernetes.io/service-name: \"{service.Name}\", "
                + "endpointslice.kubernetes.io/managed-by: endpointslice-controller.k8s.io");
        text.Append($"addressType: {family.Text()}\nendpoints:").Append(endpoints.Count == 0 ? " []\n" : "\n");
        foreach (var endpoint in endpoints)
        {
            Endpoint(text, $"{endpoint.Address}", endpoint.IsReady, endpoint.IsServing, endpoint.IsTerminating,
                endpoint.HostName, endpoint.Pod?.Pod.Name);
        }
        if (endpoints.Count > 0) Ports(text, Ports(service, endpoints[0]), "");
        return text.ToString();
    }

    private static StringBuilder Head(string version, string kind, ServiceObject service, string name, string labels) =>
        new($"apiVersion: {version}\nkind: {kind}\nmetadata:\n  name: \"{name}\"\n"
            + $"  namespace: \"{service.Namespace}\"\n  labels: {{{labels}}}\n");

    private static IEnumerable<IGrouping<string, ServiceEndpoint>> ByPorts(List<ServiceEndpoint> endpoints) =>
        endpoints.GroupBy(e => string.Join(',', e.Ports));

    private static void Endpoint(StringBuilder text, string address, bool isReady, bool isServing, bool isTerminating,
        string? host, string? pod)
    {
        text.Append($"- addresses: [\"{address}\"]\n  conditions: {{ready: {Word(isReady)}, "
            + $"serving: {Word(isServing)}, terminating: {Word(isTerminating)}}}\n");
        if (host is not null) text.Append($"  hostname: \"{host}\"\n");
        if (pod is not null) text.Append($"  targetRef: {{kind: Pod, name: \"{pod}\"}}\n");
    }

    private static IReadOnlyList<EndpointPort> Ports(ServiceObject service, ServiceEndpoint endpoint) =>
        [.. service.Ports.Zip(endpoint.Ports).Where(p => p.Second is not null)
            .Select(p => new EndpointPort(p.First.Name, p.First.Protocol, p.Second, p.First.Position))];

    private static void Ports(StringBuilder text, IReadOnlyList<EndpointPort> ports, string indent)
    {
        if (ports.Count == 0) return;
        text.Append($"{indent}ports:\n");
        foreach (var port in ports)
        {
            var name = port.Name is null ? "" : $"name: \"{port.Name}\", ";
            var protocol = port.Protocol.ToString().ToUpperInvariant();
            text.Append($"{indent}- {{{name}port: {port.Port}, protocol: {protocol}}}\n");
        }
    }

    private static string Host(ServiceEndpoint endpoint) =>
        endpoint.HostName is { } host ? $", hostname: \"{host}\"" : "";

    private static string Target(ServiceEndpoint endpoint) =>
        endpoint.Pod is { } pod ? $", targetRef: {{kind: Pod, name: \"{pod.Pod.Name}\"}}" : "";

    private static string Word(bool value) => value ? "true" : "false";
}
