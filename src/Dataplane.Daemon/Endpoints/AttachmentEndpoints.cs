using System.Net;
using System.Net.Sockets;
using System.Text.Json.Serialization.Metadata;
using Dataplane.Api;
using Dataplane.Control.Reconcile;
using Dataplane.Control.Refusals;
using Dataplane.Control.State;
using Dataplane.Daemon.Host;
using Dataplane.Daemon.NameServing;
using Dataplane.Services.Names;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dataplane.Daemon.Endpoints;

/// <summary>What container runtimes ask for by dataplane-cni.</summary>
internal static class AttachmentEndpoints
{
    public static void MapAttachments(this IEndpointRouteBuilder routes, DaemonContext context)
    {
        routes.MapGet(ApiPaths.Attachments, (RequestDelegate)(http => Get(http, context)));
        Post(ApiPaths.Attachments, ApiJson.Default.AttachRequest, Attach, ApiJson.Default.AttachmentEntry);
        Post(ApiPaths.Detach, ApiJson.Default.DetachRequest,
            (_, to, request) => Detach(to, request), ApiJson.Default.DetachResponse);
        Post(ApiPaths.CheckAttachment, ApiJson.Default.CheckRequest,
            (_, to, request) => Check(to, request), ApiJson.Default.CheckResponse);

        void Post<TRequest, TAnswer>(string path, JsonTypeInfo<TRequest> read,
            Func<HttpContext, DaemonContext, TRequest, Task<TAnswer>> act, JsonTypeInfo<TAnswer> write)
            where TRequest : class =>
            routes.MapPost(path, http => Answer(http, context, read, act, write));
    }

    private static async Task Answer<TRequest, TAnswer>(HttpContext http, DaemonContext context,
        JsonTypeInfo<TRequest> read, Func<HttpContext, DaemonContext, TRequest, Task<TAnswer>> act,
        JsonTypeInfo<TAnswer> write)
        where TRequest : class =>
        await JsonAnswer.Write(
            http, await context.Bodies.Read(http, read, request => act(http, context, request)), write);

    private static Task Get(HttpContext http, DaemonContext context)
    {
        var container = new Query(http, "container").Text("container");
        var snapshot = context.Reconciler.Current;
        var entries = snapshot.State.Attachments.Values.Where(a => container is null || a.Name.Container == container)
            .Select(a => Entry(snapshot, a, context));
        var response = new AttachmentsResponse(snapshot.State.Generation, [.. entries]);
        return JsonAnswer.Write(http, response, ApiJson.Default.AttachmentsResponse);
    }

    private static async Task<AttachmentEntry> Attach(HttpContext http, DaemonContext context, AttachRequest request)
    {
        context.RequirePackets();
        var client = http.Features.Get<IConnectionSocketFeature>()?.Socket;
        var fresh = AttachedPod.Of(request);
        // Its path may lead to a new namespace by now.
        if (AttachmentChange.Find(context.Reconciler.Current.State, fresh.Name) is not null)
        {
            var deserted = await context.Reconciler.OnNode(node => node.Deserted);
            await Change(context, state => AttachmentChange.Lose(state, deserted));
        }
        // A plugin that was killed is followed by a request to delete what it asked for. That may be here already: then
        // nobody would delete what this one attaches.
        await Change(context, state => IsGone(client) ? throw RefusalException.Abandoned()
            : AttachmentChange.Attach(state, fresh, request.Replace));
        var snapshot = context.Reconciler.Current;
        return AttachmentChange.Find(snapshot.State, fresh.Name) is { } attached ? Entry(snapshot, attached, context)
            : throw Problems.Busy($"{fresh.Name} was deleted while it was attached");
    }

    private static async Task<DetachResponse> Detach(DaemonContext context, DetachRequest request)
    {
        if (request is not ({ Only: not null, Valid: null } or { Only: null, Valid: not null }))
            throw Problems.BadRequest("either only, or valid");
        HashSet<AttachmentName> named = [.. (request.Valid ?? [request.Only!]).Select(
            c => AttachedPod.Name(request.Network, c?.Container, c?.Interface))];
        Func<HeldAttachment, bool> isGoing = request.Only is not null ? a => named.Contains(a.Name)
            : a => a.Name.Network == request.Network && !named.Contains(a.Name);
        IReadOnlyList<string> pods = [];
        var generation = await Change(context, state =>
        {
            pods = [.. state.Attachments.Values.Where(isGoing).Select(a => a.Pod.FullName)];
            return AttachmentChange.Detach(state, isGoing);
        });
        return new DetachResponse(generation, pods);
    }

    private static async Task<CheckResponse> Check(DaemonContext context, CheckRequest request)
    {
        var name = AttachedPod.Name(request.Network, request.Container, request.Interface);
        var attachment = AttachmentChange.Find(context.Reconciler.Current.State, name)
            ?? throw Problems.NoPod($"{name}");
        var pod = attachment.Pod.FullName;
        var deserted = await context.Reconciler.OnNode(node => node.Deserted);
        await Change(context, state => AttachmentChange.Lose(state, deserted));
        var found = await context.Reconciler.LookAtAsync(pod);
        var snapshot = context.Reconciler.Current;
        var broken = snapshot.Broken.Where(b => b.StartsWith($"{pod}: ", StringComparison.Ordinal));
        return new CheckResponse(Entry(snapshot, attachment, context),
            [.. (found ?? []).Select(r => $"{r.What}: {r.Found}"), .. broken]);
    }

    /// <summary>Whether the other end is closed, as the kernel has it at this moment.</summary>
    private static bool IsGone(Socket? client)
    {
        try
        {
            return client is null || (client.Poll(0, SelectMode.SelectRead) && client.Available == 0);
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            return true;
        }
    }

    private static async Task<long> Change(DaemonContext context, Func<DesiredState, StateChange> change) =>
        (await context.Reconciler.ChangeAsync(new ChangeRequest(change))).Generation;

    private static AttachmentEntry Entry(NodeSnapshot snapshot, HeldAttachment attachment, DaemonContext context)
    {
        var (name, pod) = (attachment.Name, attachment.Pod.FullName);
        var live = snapshot.Pods.FirstOrDefault(p => p.Pod.Name == pod);
        var servers = context.Options.Addresses.HasNameServer ? PodFiles.Servers(snapshot.Cluster) : [];
        // Whoever asks whom the machine asks has that from the runtime.
        var nothing = new ResolverSettings([], [], []);
        var names = live is null ? nothing : ResolverSettings.Of(live.Pod.Pod, servers, nothing);
        return new AttachmentEntry(name.Network, name.Container, name.Interface, attachment.Pod.NetnsName!, pod)
        {
            Gone = snapshot.State.Gone.Contains(pod),
            Enforced = live is not null && snapshot.EnforcedGeneration == snapshot.State.Generation,
            Mac = live?.Mac.ToString(),
            Port = live?.Port,
            NodeNetns = context.Options.IsHost ? null : $"/run/netns/{context.Options.NodeName}",
            Addresses = live is null ? [] : [.. new[] { live.Pod.IPv4, live.Pod.IPv6 }.OfType<IPAddress>().Select(
                a => new AttachedAddress($"{a}", $"{context.Options.Addresses.Gateways[a.AddressFamily]}"))],
            NameServers = [.. names.Servers.Select(s => $"{s}")],
            Search = names.Searches,
            DnsOptions = names.Options,
        };
    }
}
