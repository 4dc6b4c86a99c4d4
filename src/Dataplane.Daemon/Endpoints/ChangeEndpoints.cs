using Dataplane.Daemon.Api;
using Dataplane.Daemon.Host;
using Dataplane.Daemon.Reconcile;
using Dataplane.Daemon.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dataplane.Daemon.Endpoints;

/// <summary>apply and delete.</summary>
internal static class ChangeEndpoints
{
    private const double MaxWaitSeconds = 300;

    public static void MapChanges(this IEndpointRouteBuilder routes, DaemonContext context)
    {
        routes.MapPost(ApiPaths.Apply, (RequestDelegate)(http => PostApply(http, context)));
        routes.MapPost(ApiPaths.Delete, (RequestDelegate)(http => PostDelete(http, context)));
    }

    private static async Task PostApply(HttpContext http, DaemonContext context) => await JsonBody.Write(http,
        await JsonBody.Read(http, ApiJson.Default.ApplyRequest, r => Apply(context, r, http.RequestAborted)), ApiJson.Default.ChangeResponse);

    private static async Task PostDelete(HttpContext http, DaemonContext context) => await JsonBody.Write(http,
        await JsonBody.Read(http, ApiJson.Default.DeleteRequest, r => Delete(context, r, http.RequestAborted)), ApiJson.Default.ChangeResponse);

    private static async Task<ChangeResponse> Apply(DaemonContext context, ApplyRequest request, CancellationToken stop)
    {
        var (reconciler, wait) = (context.Reconciler, Wait(context, request.WaitSeconds));
        // To want nothing at all, and that completely, is a wish as good as any.
        if (request is { Prune: true, Files: [] })
            return await reconciler.ChangeAsync(new ChangeItem(state => StateChange.Apply(state, [], prune: true), request.DryRun, wait));
        var loaded = await GivenManifests.Load(request.Files, stop);
        if (loaded.Documents.Count == 0 && !request.Prune) throw Problems.BadRequest("files: there are none");
        var response = await reconciler.ChangeAsync(new ChangeItem(state => StateChange.Apply(state, loaded.Documents, request.Prune), request.DryRun, wait));
        return response with { Diagnostics = loaded.Diagnostics.ToEntries() };
    }

    private static async Task<ChangeResponse> Delete(DaemonContext context, DeleteRequest request, CancellationToken stop)
    {
        var (reconciler, wait) = (context.Reconciler, Wait(context, request.WaitSeconds));
        if (request.Objects is null || request.Objects.Any(o => o?.Kind is null || o.Name is null)) throw Problems.BadRequest("objects: a list of objects with kind and name");
        var named = request.Objects.Select(o => new ObjectKey(o.Kind, o.Name)).ToList();
        if (request.Files is not [])
            named.AddRange((await GivenManifests.Load(request.Files, stop)).Documents.SelectMany(d => d.Objects).Select(ObjectKey.Of));
        if (named.Count == 0) throw Problems.BadRequest("there is nothing to delete: name objects, or give their manifests");
        return await reconciler.ChangeAsync(new ChangeItem(state => StateChange.Delete(state, named, request.IgnoreNotFound), request.DryRun, wait));
    }

    private static TimeSpan? Wait(DaemonContext context, double? seconds)
    {
        if (seconds is null) return null;
        context.RequirePackets();
        return seconds is > 0 and <= MaxWaitSeconds ? TimeSpan.FromSeconds(seconds.Value) : throw Problems.BadRequest($"waitSeconds: more than 0, at most {MaxWaitSeconds}");
    }
}
