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
/// The Endpoints and EndpointSlices that controllers of a cluster would write for Services with a selector. They are
/// computed when they are asked for, and are no part of the desired state.
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
            // Endpoints know the first family alone.
            foreach (var family in kind == ObjectKinds.Endpoints ? service.Families.Take(1) : service.Families)
            {
                var endpoints = found.Where(e => e.Address.AddressFamily == family).ToList();
                var name = kind == ObjectKinds.Endpoints ? service.Object.Name
                    : $"{service.Object.Name}-{family.Text().ToLowerInvariant()}";
                yield return new ObjectEntry(kind.Name, $"{service.Object.Namespace}/{name}",
                    service.Object.Position.File, service.Object.Position.Line, Source,
                    kind == ObjectKinds.Endpoints ? Endpoints(service.Object, endpoints)
                        : Slice(service.Object, name, family, endpoints))
                {
                    Labels = service.Object.Labels,
                };
            }
        }
    }

    private static string Endpoints(ServiceObject service, List<ServiceEndpoint> endpoints)
    {
        var text = Head("v1", "Endpoints", service, service.Name,
            "endpoints.kubernetes.io/managed-by: endpoint-controller");
        text.Append("subsets:").Append(endpoints.Count == 0 ? " []\n" : "\n");
        foreach (var same in ByPorts(endpoints))
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
            Ports(text, service, same.First(), "  ");
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
            text.Append($"- addresses: [\"{endpoint.Address}\"]\n"
                + $"  conditions: {{ready: {Word(endpoint.IsReady)}, serving: {Word(endpoint.IsServing)}, "
                + $"terminating: {Word(endpoint.IsTerminating)}}}\n");
            if (endpoint.HostName is { } host) text.Append($"  hostname: \"{host}\"\n");
            if (endpoint.Pod is { } pod) text.Append($"  targetRef: {{kind: Pod, name: \"{pod.Pod.Name}\"}}\n");
        }
        // Pods that give a named port different numbers would have slices of their own in a cluster.
        if (endpoints.Count > 0) Ports(text, service, endpoints[0], "");
        return text.ToString();
    }

    private static StringBuilder Head(string version, string kind, ServiceObject service, string name, string labels) =>
        new($"apiVersion: {version}\nkind: {kind}\nmetadata:\n  name: \"{name}\"\n"
            + $"  namespace: \"{service.Namespace}\"\n  labels: {{{labels}}}\n");

    private static IEnumerable<IGrouping<string, ServiceEndpoint>> ByPorts(List<ServiceEndpoint> endpoints) =>
        endpoints.GroupBy(e => string.Join(',', e.Ports));

    private static void Ports(StringBuilder text, ServiceObject service, ServiceEndpoint endpoint, string indent)
    {
        var ports = service.Ports.Zip(endpoint.Ports).Where(p => p.Second is not null).ToList();
        if (ports.Count == 0) return;
        text.Append($"{indent}ports:\n");
        foreach (var (port, number) in ports)
        {
            var name = port.Name is null ? "" : $"name: \"{port.Name}\", ";
            var protocol = port.Protocol.ToString().ToUpperInvariant();
            text.Append($"{indent}- {{{name}port: {number}, protocol: {protocol}}}\n");
        }
    }

    private static string Host(ServiceEndpoint endpoint) =>
        endpoint.HostName is { } host ? $", hostname: \"{host}\"" : "";

    private static string Target(ServiceEndpoint endpoint) =>
        endpoint.Pod is { } pod ? $", targetRef: {{kind: Pod, name: \"{pod.Pod.Name}\"}}" : "";

    private static string Word(bool value) => value ? "true" : "false";
}
