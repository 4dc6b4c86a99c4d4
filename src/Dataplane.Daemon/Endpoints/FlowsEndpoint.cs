using System.Text.Json;
using Dataplane.Api;
using Dataplane.Daemon.Host;
using Dataplane.Node.Observation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dataplane.Daemon.Endpoints;

/// <summary>
/// flows: the last entries, and with <c>follow</c> all new ones; one JSON object on each line, each sent at once.
/// Without <c>last</c>: all entries there are, and with <c>follow</c> none. With <c>probes</c> also what the daemon
/// sends to prove something.
/// </summary>
internal static class FlowsEndpoint
{
    /// <summary>Maximum number of followers; one that does not read holds about 1 MB.</summary>
    private const int MaxFollowers = 32;

    private static readonly Streaming Followers = new(MaxFollowers, "clients follow the flows already");

    public static void MapFlows(this IEndpointRouteBuilder routes, DaemonContext context) =>
        routes.MapGet(ApiPaths.Flows, (RequestDelegate)(http => Answer(http, context.Observatory.Flows)));

    private static async Task Answer(HttpContext http, FlowLog flows)
    {
        var query = new Query(http, "follow", "verdict", "pod", "namespace", "last", "probes");
        var follow = query.Flag("follow");
        var filter = new FlowFilter(query.Text("verdict") switch
        {
            null => null,
            "allowed" => FlowVerdict.Allowed,
            "denied" => FlowVerdict.Denied,
            _ => throw Problems.BadRequest("verdict: allowed or denied"),
        }, query.Text("pod"), query.Text("namespace"), query.Flag("probes"));
        var last = query.Number("last", 0, ApiPaths.MaxLastFlows, follow ? 0 : ApiPaths.MaxLastFlows);
        http.Response.ContentType = "application/x-ndjson";
        if (!follow)
        {
            foreach (var flow in flows.Last(last, filter)) await Write(http, flow, http.RequestAborted);
            return;
        }
        await Followers.Run(http, stop => Follow(http, flows, filter, last, stop));
    }

    private static async Task Follow(
        HttpContext http, FlowLog flows, FlowFilter filter, int last, CancellationToken stop)
    {
        using var subscription = flows.Subscribe(last, filter, out var earlier);
        // Headers are sent at once, so that the client knows that it is subscribed.
        await http.Response.Body.FlushAsync(stop);
        foreach (var flow in earlier) await Write(http, flow, stop);
        await foreach (var flow in subscription.ReadAllAsync(stop)) await Write(http, flow, stop);
    }

    private static async Task Write(HttpContext http, ObservedFlow flow, CancellationToken stop)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(flow.ToEntry(), ApiJson.Default.FlowEntry);
        await http.Response.BodyWriter.WriteAsync((byte[])[.. line, (byte)'\n'], stop);
    }
}
