using Dataplane.Daemon.Api;
using Dataplane.Daemon.Host;
using Dataplane.Daemon.Reconcile;
using Dataplane.Daemon.State;
using Dataplane.Kubernetes.Objects;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Live;
using Dataplane.Policy.Model;
using Dataplane.Rules.Nftables;
using Dataplane.Rules.Nftables.Ruleset;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dataplane.Daemon.Endpoints;

/// <summary>state, objects, pods and status: from the picture, so that none of them waits for a change. Rules do.</summary>
internal static class ReadEndpoints
{
    public static void MapReading(this IEndpointRouteBuilder routes, DaemonContext context)
    {
        var (reconciler, options) = (context.Reconciler, context.Options);
        routes.MapGet(ApiPaths.State, (RequestDelegate)(http => JsonBody.Write(http, State(reconciler.Picture, options), ApiJson.Default.StateResponse)));
        routes.MapGet(ApiPaths.Objects, (RequestDelegate)(http => JsonBody.Write(http, Objects(reconciler.Picture, http.Request.Query), ApiJson.Default.ObjectsResponse)));
        routes.MapGet(ApiPaths.Pods, (RequestDelegate)(http => JsonBody.Write(http, Pods(reconciler.Picture, options), ApiJson.Default.PodsResponse)));
        routes.MapGet(ApiPaths.Rules, (RequestDelegate)(async http =>
        {
            // Made for whoever asks, by the thread that owns the node: nobody keeps it.
            var rules = await reconciler.OnNode(node => node.Ruleset());
            http.Response.ContentType = "text/plain; charset=utf-8";
            await http.Response.WriteAsync(NftTextRenderer.Render(rules?.Tables ?? []), http.RequestAborted);
        }));
        routes.MapGet(ApiPaths.Status, (RequestDelegate)(http => JsonBody.Write(http, Status(context), ApiJson.Default.StatusResponse)));
    }

    private static StateResponse State(Picture picture, DaemonOptions options) => new(
        picture.State.Generation, options.PodNetworkIPv4.ToString(), options.PodNetworkIPv6.ToString(),
        [.. picture.State.Documents.Select(d => new ManifestFile(d.File, d.Text, d.FirstLine))],
        [.. picture.State.Leases.Pods.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => new Lease(l.Key, l.Value.IPv4?.ToString(), l.Value.IPv6?.ToString()))])
    {
        Gone =
        [
            .. picture.State.Documents.SelectMany((d, index) =>
                d.Objects.Except(picture.State.LeftOf(d)).Select(o => new GoneObject(index, o.Kind, o.FullName))),
        ],
    };

    private static ObjectsResponse Objects(Picture picture, IQueryCollection query)
    {
        foreach (var key in query.Keys)
            if (key is not ("kind" or "namespace" or "name")) throw Problems.InvalidQuery($"there is no parameter {key}; there are kind, namespace and name");
        var pods = picture.Pods.ToDictionary(p => p.Pod.Name);
        var endpoints = picture.Cluster.Pods.ToDictionary(p => p.Name);
        return new ObjectsResponse(picture.State.Generation,
        [
            .. picture.State.Objects.Values.Where(o => IsAsked(o.Object)).Select(o => Entry(o.Object, o.From)),
            .. OfWorkloads(picture).Where(p => IsAsked(p.Pod)).Select(p => Entry(p.Pod, p.From)),
        ]);

        bool IsAsked(KubernetesObject o) => Matches("kind", o.Kind) && Matches("namespace", o.Namespace) && (Matches("name", o.Name) || Matches("name", o.FullName));

        bool Matches(string parameter, string value) =>
            !query.TryGetValue(parameter, out var wanted) || string.Equals(wanted, value, parameter == "kind" ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

        ObjectEntry Entry(KubernetesObject o, HeldDocument from) => new(o.Kind, o.FullName, o.Position.File, o.Position.Line, from.Watched ?? "apply", from.Text)
        {
            Labels = o.Labels,
            Pod = o is PodObject && endpoints.TryGetValue(o.FullName, out var endpoint) ? Pod(endpoint, pods.GetValueOrDefault(endpoint.Name)) : null,
        };
    }

    /// <summary>Pods that no document declares by name, and the document of their Deployment or the like: the one whose lines their template is among.</summary>
    private static IEnumerable<(PodObject Pod, HeldDocument From)> OfWorkloads(Picture picture)
    {
        var byFile = picture.State.Documents.ToLookup(d => d.File);
        foreach (var pod in picture.Cluster.Pods.Select(p => p.Pod).Where(p => !picture.State.Objects.ContainsKey(ObjectKey.Of(p))))
            if (byFile[pod.Position.File].LastOrDefault(d => d.FirstLine <= pod.Position.Line) is { } from) yield return (pod, from);
    }

    private static PodsResponse Pods(Picture picture, DaemonOptions options)
    {
        var attached = picture.Pods.ToDictionary(p => p.Pod.Name);
        var node = options.Addresses;
        return new PodsResponse(options.NodeName, NodeShape.Default.Bridge, node.GatewayIPv4.ToString(), node.GatewayIPv6.ToString(),
            [.. picture.Cluster.Pods.OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => Pod(p, attached.GetValueOrDefault(p.Name)))]);
    }

    private static PodEntry Pod(PodEndpoint pod, LivePod? attached) => new(pod.Name, pod.IPv4?.ToString(), pod.IPv6?.ToString())
    {
        HostNetwork = pod.IsHostNetwork,
        Netns = attached?.NetnsName,
        Port = attached?.Port,
        PortIndex = attached?.PortIndex ?? 0,
        Mac = attached?.Mac.ToString(),
    };

    private static StatusResponse Status(DaemonContext context)
    {
        var picture = context.Reconciler.Picture;
        return new StatusResponse(DaemonHost.Version, Environment.ProcessId, context.Started, context.Options.NodeName, context.Options.Node)
        {
            DesiredGeneration = picture.State.Generation,
            EnforcedGeneration = picture.EnforcedGeneration,
            Problem = picture.Problem,
            Pods = picture.Cluster.Pods.Count,
            NetworkPolicies = picture.Cluster.NetworkPolicies.Count,
            TierPolicies = picture.Cluster.TierPolicies.Count,
            Elements = picture.Elements,
            OwnsTables = picture.IsOwner,
            Adopted = picture.Adopted,
            QueueDepth = context.Reconciler.QueueDepth,
            Errors = [.. context.Reconciler.StoreErrors, .. context.Directory?.Errors ?? [], .. picture.Broken],
            Repairs = picture.Repairs,
            RepairsTotal = picture.RepairsTotal,
            StrayThreads = ThreadHome.StrayThreads(),
        };
    }
}
