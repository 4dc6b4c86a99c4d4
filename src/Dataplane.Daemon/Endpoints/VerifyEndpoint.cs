using System.Net.Sockets;
using Dataplane.Daemon.Api;
using Dataplane.Daemon.Host;
using Dataplane.Daemon.Reconcile;
using Dataplane.Linux;
using Dataplane.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dataplane.Daemon.Endpoints;

/// <summary>verify: packets between the pods as they are attached.</summary>
internal static class VerifyEndpoint
{
    public static void MapVerify(this IEndpointRouteBuilder routes, DaemonContext context) =>
        routes.MapPost(ApiPaths.Verify, (RequestDelegate)(http => PostVerify(http, context.Reconciler)));

    private static async Task PostVerify(HttpContext http, Reconciler reconciler) => await JsonBody.Write(http,
        await JsonBody.Read(http, ApiJson.Default.VerifyRequest, r => Verify(reconciler, r, http.RequestAborted)), ApiJson.Default.VerifyResponse);

    private static async Task<VerifyResponse> Verify(Reconciler reconciler, VerifyRequest request, CancellationToken stop)
    {
        AddressFamily? only = request.Family switch
        {
            null => null,
            4 => AddressFamily.InterNetwork,
            6 => AddressFamily.InterNetworkV6,
            _ => throw Problems.BadRequest("family: 4 or 6"),
        };
        var asked = (request.Probes ?? []).Select(text =>
            ProbeText.TryParse(text ?? "", out var probe, out var error) ? probe : throw Problems.BadRequest($"probes: {error}")).ToList();
        try
        {
            return await reconciler.OnNode(node =>
            {
                stop.ThrowIfCancellationRequested();
                // The picture of the thread that makes it: nothing changes while this runs.
                var picture = reconciler.Picture;
                var report = node.Verify(asked.Count > 0 ? Probes.Sorted(asked) : Probes.Default(picture.Cluster), only, null, null, stop);
                return new VerifyResponse(picture.EnforcedGeneration, [.. report.Flows.Select(Flows.Verified)], report.ControlFailure, report.Warnings,
                    report.Timings.Probe.TotalMilliseconds);
            });
        }
        catch (LinuxException e)
        {
            throw Problems.KernelRefused(e);
        }
    }
}
