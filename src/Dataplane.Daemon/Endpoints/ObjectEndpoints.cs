using System.Net;
using Dataplane.Api;
using Dataplane.Control.Reconcile;
using Dataplane.Control.State;
using Dataplane.Daemon.Host;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Objects;
using Dataplane.Node.Live;
using Dataplane.Planning;
using Dataplane.Policy.Model;
using Dataplane.Rules.Shape;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dataplane.Daemon.Endpoints;

/// <summary>objects and pods, from a snapshot: they wait for no change.</summary>
internal static class ObjectEndpoints
{
    public static void MapObjects(this IEndpointRouteBuilder routes, DaemonContext context)
    {
        routes.MapGet(ApiPaths.Objects, (RequestDelegate)(http =>
        {
            var response = Objects(context, http.Request.Query);
            return JsonAnswer.Write(http, response, ApiJson.Default.ObjectsResponse);
        }));
        routes.MapGet(ApiPaths.Pods, (RequestDelegate)(http =>
            JsonAnswer.Write(http, Pods(context), ApiJson.Default.PodsResponse)));
    }

    private static ObjectsResponse Objects(DaemonContext context, IQueryCollection query)
    {
        var snapshot = context.Reconciler.Current;
        foreach (var key in query.Keys)
        {
            if (key is not ("kind" or "namespace" or "name"))
                throw Problems.BadRequest($"there is no parameter {key}; there are kind, namespace and name");
        }
        var pods = snapshot.Pods.ToDictionary(p => p.Pod.Name);
        var endpoints = snapshot.Cluster.Pods.ToDictionary(p => p.Name);
        var computed = Asked("kind") is { } word
            && ObjectKinds.All.FirstOrDefault(k => string.Equals(k.Name, word, StringComparison.OrdinalIgnoreCase))
                is { } kind && (kind == ObjectKinds.Endpoints || kind == ObjectKinds.EndpointSlice)
            ? ComputedEndpoints.Of(snapshot, kind) : [];
        return new ObjectsResponse(snapshot.State.Generation,
        [
            .. snapshot.State.Objects.Values.Where(o => IsAsked(o.Object)).Select(o => Entry(o.Object, o.From)),
            .. OfWorkloads(snapshot).Where(p => IsAsked(p.Pod)).Select(p => Entry(p.Pod, p.From)),
            .. Ending(snapshot).Where(p => IsAsked(p.Pod)).Select(p => Entry(p.Pod, p.From)),
            .. BuiltIn(snapshot).Where(b => IsAsked(b.Object)).Select(b => Entry(b.Object, b.From)),
            .. computed.Where(e => IsNamed(e) && !snapshot.State.Objects.ContainsKey(new ObjectKey(e.Kind, e.Name))),
        ]);

        string? Asked(string parameter) => query.TryGetValue(parameter, out var wanted) ? wanted.ToString() : null;

        bool IsNamed(ObjectEntry e) => e.Name.Split('/') is [var ns, var name] && Matches("namespace", ns)
            && (Matches("name", name) || Matches("name", e.Name));

        bool IsAsked(KubernetesObject o) => Matches("kind", o.Kind, StringComparison.OrdinalIgnoreCase)
            && Matches("namespace", o.Namespace) && (Matches("name", o.Name) || Matches("name", o.FullName));

        bool Matches(string parameter, string value, StringComparison comparison = StringComparison.Ordinal) =>
            !query.TryGetValue(parameter, out var wanted) || string.Equals(wanted, value, comparison);

        ObjectEntry Entry(KubernetesObject o, HeldDocument from) =>
            new(o.Kind, o.FullName, o.Position.File, o.Position.Line, Source(from), from.Text)
            {
                Labels = o.Labels,
                Namespace = from.Namespace,
                Pod = o is PodObject && endpoints.TryGetValue(o.FullName, out var endpoint)
                    ? Pod(endpoint, pods.GetValueOrDefault(endpoint.Name), context, snapshot) : null,
                Service = o is ServiceObject && snapshot.Cluster.Services.Named(o.FullName, s => s.Name) is { } service
                    ? Service(service) : null,
            };
    }

    private static string Source(HeldDocument from) => from.IsAttachment ? "cni" : from.Watched ?? "apply";

    private static ServiceEntry Service(PlacedService service) => new(
        [.. service.Families.Select(family => service.Addresses[family]).OfType<IPAddress>().Select(a => a.ToString())],
        service.Object.Type == ServiceType.LoadBalancer
            ? [.. service.LoadBalancerAddresses.Select(a => a.ToString())] : [],
        [.. service.NodePorts.Select(p => (int?)p)])
    {
        Families = [.. service.Families.Select(family => family.Text())],
        HealthCheckNodePort = service.HealthCheckPort,
    };

    /// <summary>
    /// Pods of Deployments and the like, which no document declares by name, with the workload's document: the one
    /// whose lines their template is among.
    /// </summary>
    private static IEnumerable<(PodObject Pod, HeldDocument From)> OfWorkloads(NodeSnapshot snapshot)
    {
        var byFile = snapshot.State.Documents.ToLookup(d => d.File);
        foreach (var pod in snapshot.Cluster.Pods.Select(p => p.Pod))
        {
            if (snapshot.State.Objects.ContainsKey(ObjectKey.Of(pod))
                || snapshot.State.Programs.Ending.ContainsKey(pod.FullName))
            {
                continue;
            }
            var from = byFile[pod.Position.File].LastOrDefault(d => d.FirstLine <= pod.Position.Line);
            if (from is not null) yield return (pod, from);
        }
    }

    /// <summary>Pods that were deleted and whose programs have not ended.</summary>
    private static IEnumerable<(PodObject Pod, HeldDocument From)> Ending(NodeSnapshot snapshot) =>
        snapshot.State.Programs.Ending.Values.Where(e => !snapshot.State.Objects.ContainsKey(ObjectKey.Of(e.Pod)))
            .Select(e => (e.Pod, e.From));

    private static IEnumerable<(KubernetesObject Object, HeldDocument From)> BuiltIn(NodeSnapshot snapshot) =>
        !BuiltInObjects.AreIn(snapshot.Cluster) ? [] : from document in BuiltInObjects.Documents
            let held = new HeldDocument(document, document.File)
            from o in held.Objects select (o, held);

    private static PodsResponse Pods(DaemonContext context)
    {
        var (snapshot, options) = (context.Reconciler.Current, context.Options);
        var attached = snapshot.Pods.ToDictionary(p => p.Pod.Name);
        var node = options.Addresses;
        var pods = snapshot.Cluster.Pods.OrderBy(p => p.Name, StringComparer.Ordinal)
            .Select(p => Pod(p, attached.GetValueOrDefault(p.Name), context, snapshot));
        return new PodsResponse(
            options.NodeName, NodeShape.Default.Bridge, node.GatewayIPv4.ToString(), node.GatewayIPv6.ToString(),
            [.. pods]);
    }

    private static PodEntry Pod(PodEndpoint pod, LivePod? attached, DaemonContext context, NodeSnapshot snapshot) =>
        new PodEntry(pod.Name, pod.IPv4?.ToString(), pod.IPv6?.ToString())
        {
            HostNetwork = pod.IsHostNetwork,
            Workload = pod.Pod.Workload,
            Netns = attached?.NetnsName ?? attached?.NetnsPath,
            Port = attached?.Port,
            PortIndex = attached?.PortIndex.Value ?? 0,
            Mac = attached?.Mac.ToString(),
        }.With(pod.Pod, snapshot, context.Programs);
}
