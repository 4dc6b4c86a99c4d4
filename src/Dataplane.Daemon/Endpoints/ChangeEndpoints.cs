using Dataplane.Api;
using Dataplane.Control.Reconcile;
using Dataplane.Control.State;
using Dataplane.Daemon.Host;
using Dataplane.Daemon.Programs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dataplane.Daemon.Endpoints;

/// <summary>apply and delete.</summary>
internal static class ChangeEndpoints
{
    private const double MaxWaitSeconds = 300;

    /// <summary>A day.</summary>
    private const int MaxGraceSeconds = 86_400;

    public static void MapChanges(this IEndpointRouteBuilder routes, DaemonContext context)
    {
        routes.MapPost(ApiPaths.Apply, (RequestDelegate)(http => PostApply(http, context)));
        routes.MapPost(ApiPaths.Delete, (RequestDelegate)(http => PostDelete(http, context)));
    }

    private static async Task PostApply(HttpContext http, DaemonContext context)
    {
        var response = await context.Bodies.Read(
            http, ApiJson.Default.ApplyRequest, request => Apply(context, request, http.RequestAborted));
        await JsonAnswer.Write(http, response, ApiJson.Default.ChangeResponse);
    }

    private static async Task PostDelete(HttpContext http, DaemonContext context)
    {
        var response = await context.Bodies.Read(
            http, ApiJson.Default.DeleteRequest, request => Delete(context, request, http.RequestAborted));
        await JsonAnswer.Write(http, response, ApiJson.Default.ChangeResponse);
    }

    private static async Task<ChangeResponse> Apply(DaemonContext context, ApplyRequest request, CancellationToken stop)
    {
        var wait = Wait(context, request.WaitSeconds);
        // prune with no files is valid: it deletes everything that was applied.
        if (request is { Prune: true, Files: [] })
            return await Change(state => StateChange.Apply(state, [], prune: true));
        var loaded = await GivenManifests.Load(request.Files, stop);
        if (loaded.Documents.Count == 0 && !request.Prune) throw Problems.BadRequest("files: there are none");
        var response = await Change(state => StateChange.Apply(state, loaded.Documents, request.Prune));
        return response with { Diagnostics = [.. loaded.Diagnostics.ToEntries(), .. response.Diagnostics] };

        async Task<ChangeResponse> Change(Func<DesiredState, StateChange> change)
        {
            var asked = new ChangeRequest(change) { DryRun = request.DryRun, Wait = wait };
            var started = TimeProvider.System.GetTimestamp();
            var result = await context.Reconciler.ChangeAsync(asked);
            if (wait is not null && !request.DryRun)
                await Ready(context, result, wait.Value - TimeProvider.System.GetElapsedTime(started), stop);
            return result.ToResponse(context);
        }
    }

    /// <summary>Waits for the programs of pods too.</summary>
    /// <exception cref="ApiProblem">They are not ready in time.</exception>
    private static async Task Ready(DaemonContext context, ChangeResult result, TimeSpan left, CancellationToken stop)
    {
        if (context.Programs is not { } programs) return;
        var pods = PodReadiness.Of(context.Reconciler.Current, result.Objects.Select(o => o.Key));
        if (await PodReadiness.WaitAsync(programs.Pods, pods, left > TimeSpan.Zero ? left : TimeSpan.Zero, stop)
            is { } why)
        {
            throw Problems.NotReady(result.Generation, why);
        }
    }

    private static async Task<ChangeResponse> Delete(
        DaemonContext context, DeleteRequest request, CancellationToken stop)
    {
        var wait = Wait(context, request.WaitSeconds);
        if (request.Objects is null || request.Objects.Any(o => o?.Kind is null || o.Name is null))
            throw Problems.BadRequest("objects: a list of objects with kind and name");
        var named = request.Objects.Select(o => new ObjectKey(o.Kind, o.Name)).ToList();
        if (request.Files is not [])
        {
            var loaded = await GivenManifests.Load(request.Files, stop);
            named.AddRange(loaded.Documents.SelectMany(d => d.Objects).Select(ObjectKey.Of));
        }
        if (named.Count == 0)
            throw Problems.BadRequest("there is nothing to delete: name objects, or give their manifests");
        if (request.GracePeriodSeconds is < 0 or > MaxGraceSeconds)
            throw Problems.BadRequest($"gracePeriodSeconds: 0 to {MaxGraceSeconds}");
        var change = new ChangeRequest(state => StateChange.Delete(state, named, request.IgnoreNotFound) with
        {
            GraceSeconds = request.GracePeriodSeconds,
        })
        {
            DryRun = request.DryRun, Wait = wait,
        };
        return (await context.Reconciler.ChangeAsync(change)).ToResponse(context);
    }

    /// <exception cref="ApiProblem">The node is simulated, or the time is out of range.</exception>
    private static TimeSpan? Wait(DaemonContext context, double? seconds)
    {
        if (seconds is null) return null;
        context.RequirePackets();
        return seconds is > 0 and <= MaxWaitSeconds ? TimeSpan.FromSeconds(seconds.Value)
            : throw Problems.BadRequest($"waitSeconds: more than 0, at most {MaxWaitSeconds}");
    }
}
