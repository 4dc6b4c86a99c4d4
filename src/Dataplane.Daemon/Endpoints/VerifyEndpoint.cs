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
    /// <summary>One probe in both families between as many pods as a bridge has ports. Each flow takes memory until the last is answered.</summary>
    private const long MaxFlows = 2_500_000;

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
                var probes = asked.Count > 0 ? Probes.Sorted(asked) : Probes.Default(picture.Cluster);
                var ends = picture.Cluster.Pods.Count + 1L;
                if (probes.Count * ends * ends * (only is null ? 2 : 1) is > MaxFlows and var flows)
                    throw Problems.BadRequest($"probes: {flows} flows are too many, at most {MaxFlows}; ask for fewer probes, or for one family");
                var report = node.Verify(probes, only, null, null, stop);
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
