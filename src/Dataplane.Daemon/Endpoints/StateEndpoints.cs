using System.Net;
using Dataplane.Api;
using Dataplane.Control.Reconcile;
using Dataplane.Control.State;
using Dataplane.Daemon.Configuration;
using Dataplane.Daemon.Host;
using Dataplane.Kubernetes.Objects;
using Dataplane.Linux.Namespaces;
using Dataplane.Planning;
using Dataplane.Planning.Services;
using Dataplane.Policy.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dataplane.Daemon.Endpoints;

/// <summary>
/// state, status and rules. The first two read a snapshot and wait for no change; rules are read in the queue.
/// </summary>
internal static class StateEndpoints
{
    public static void MapState(this IEndpointRouteBuilder routes, DaemonContext context)
    {
        routes.MapGet(ApiPaths.State, (RequestDelegate)(http =>
            JsonAnswer.Write(http, State(context.Reconciler.Current, context.Options), ApiJson.Default.StateResponse)));
        routes.MapGet(ApiPaths.Status, (RequestDelegate)(http =>
            JsonAnswer.Write(http, Status(context), ApiJson.Default.StatusResponse)));
        routes.MapGet(ApiPaths.Rules, (RequestDelegate)(http => Rules(http, context.Reconciler)));
    }

    private static StateResponse State(NodeSnapshot snapshot, DaemonOptions options)
    {
        var state = snapshot.State;
        var gone = state.Documents.SelectMany((d, index) =>
            d.Objects.Except(Counting(state, d)).Select(o => new GoneObject(index, o.Kind, o.FullName)));
        var leases = state.Leases.Pods.OrderBy(l => l.Key, StringComparer.Ordinal)
            .Select(l => new Lease(l.Key, l.Value.IPv4?.ToString(), l.Value.IPv6?.ToString()));
        return new StateResponse(
            state.Generation, options.PodNetworkIPv4.ToString(), options.PodNetworkIPv6.ToString(),
            [.. state.Documents.Select(d => new ManifestFile(d.File, d.Text, d.FirstLine) { Namespace = d.Namespace })],
            [.. leases])
        {
            HasNameServer = options.Addresses.HasNameServer && !BuiltInObjects.AreLeftOut(snapshot.Cluster),
            NodeAddresses = options.IsHost ? [.. HostAddresses.Now().Select(address => $"{address}")] : [],
            ServiceNetworkIPv4 = options.ServiceNetworkIPv4.ToString(),
            ServiceNetworkIPv6 = options.ServiceNetworkIPv6.ToString(),
            LoadBalancerPoolIPv4 = options.LoadBalancerPoolIPv4?.ToString(),
            LoadBalancerPoolIPv6 = options.LoadBalancerPoolIPv6?.ToString(),
            ServiceLeases = [.. state.Leases.Services.Services.OrderBy(l => l.Key, StringComparer.Ordinal)
                .Select(l => Lease(l.Key, l.Value))],
            Gone = [.. gone],
            NotReady = !state.Programs.IsRunning ? null
                : [.. snapshot.Cluster.Pods.Where(p => !p.Pod.IsReady).Select(p => p.Name)],
            Watched = [.. state.Documents.Index().Where(d => d.Item.Watched is not null || d.Item.IsAttachment)
                .Select(d => d.Index)],
        };
    }

    /// <summary>
    /// A container that manifests describe too, or that has gone, is not described by its own document.
    /// </summary>
    private static IEnumerable<KubernetesObject> Counting(DesiredState state, HeldDocument document) =>
        state.LeftOf(document).Where(o => !document.IsAttachment
            || !(state.Objects.ContainsKey(ObjectKey.Of(o)) || state.Gone.Contains(o.FullName)));

    private static IEnumerable<string> GoneContainers(DesiredState state) => state.Gone.Order(StringComparer.Ordinal)
        .Select(pod => (Pod: pod, state.Attachments[pod].Name, Netns: state.Attachments[pod].Pod.NetnsName))
        .Select(a => $"pod {a.Pod} ({a.Name}): its network namespace {a.Netns} has gone; it has no network until its "
            + "runtime deletes it");

    private static ServiceLeaseEntry Lease(string name, ServiceLease lease) => new(name,
        Texts(lease.ClusterAddresses), Texts(lease.LoadBalancerAddresses),
        lease.NodePorts.ToDictionary(p => p.Key, p => (int)p.Value), lease.HealthCheckPort);

    private static IReadOnlyList<string> Texts(PerFamily<IPAddress?> addresses) =>
        [.. AddressFamilies.All.Select(family => addresses[family]).OfType<IPAddress>().Select(a => a.ToString())];

    private static StatusResponse Status(DaemonContext context)
    {
        var (snapshot, options) = (context.Reconciler.Current, context.Options);
        return new StatusResponse(
            DaemonVersion.Text, Environment.ProcessId, context.Started, options.NodeName, options.Node)
        {
            DesiredGeneration = snapshot.State.Generation,
            EnforcedGeneration = snapshot.EnforcedGeneration,
            Problem = snapshot.Problem,
            Pods = snapshot.Cluster.Pods.Count,
            NetworkPolicies = snapshot.Cluster.NetworkPolicies.Count,
            TierPolicies = snapshot.Cluster.TierPolicies.Count,
            Elements = snapshot.Elements,
            OwnsTables = snapshot.IsOwner,
            NoGuard = snapshot.NoGuard,
            NoShortWay = snapshot.NoShortWay,
            Adopted = snapshot.Adopted,
            QueueDepth = context.Reconciler.QueueDepth,
            Errors = [.. snapshot.StoreErrors, .. context.Directory?.Errors ?? [], .. snapshot.Broken,
                .. GoneContainers(snapshot.State),
                .. context.Names.Problems, .. context.Health?.Problems ?? [],
                .. context.Programs?.Problems ?? []],
            Repairs = [.. snapshot.Repairs.Select(r => new RepairEntry(r.Time, r.Repair.What, r.Repair.Found))],
            RepairsTotal = snapshot.RepairsTotal,
            StrayThreads = ThreadHome.StrayThreads(),
        };
    }

    /// <summary>Rendered for each request by the thread that owns the node: no text of the rules is kept.</summary>
    private static async Task Rules(HttpContext http, Reconciler reconciler)
    {
        var rules = await reconciler.OnNode(node => node.Rules());
        http.Response.ContentType = "text/plain; charset=utf-8";
        await http.Response.WriteAsync(rules?.Text() ?? "", http.RequestAborted);
    }
}
