using Dataplane.Api;
using Dataplane.Daemon.Host;
using Dataplane.Daemon.Programs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dataplane.Daemon.Endpoints;

/// <summary>
/// The log of a container, as it wrote it: with <c>follow</c> until its run ends. Parameters as those of the API
/// server: container, previous, timestamps, tailLines, sinceSeconds.
/// </summary>
internal static class LogEndpoint
{
    private const int MaxSinceSeconds = int.MaxValue;

    public static void MapLog(this IEndpointRouteBuilder routes, DaemonContext context) =>
        routes.MapGet(ApiPaths.PodLog, (RequestDelegate)(http => Answer(http, context)));

    private static Task Answer(HttpContext http, DaemonContext context)
    {
        var query = new Query(http, "container", "follow", "previous", "timestamps", "tailLines", "sinceSeconds");
        var (ns, name) = ((string)http.Request.RouteValues["namespace"]!, (string)http.Request.RouteValues["name"]!);
        var tail = query.Number("tailLines", 0, int.MaxValue, int.MaxValue);
        var since = query.Number("sinceSeconds", 1, MaxSinceSeconds, 0);
        return LogAnswer.Write(http, context.Reconciler.Current, context.Programs, ns, name, new LogRequest(
            query.Text("container"), query.Flag("follow"), query.Flag("previous"), query.Flag("timestamps"), tail,
            since == 0 ? null : LogRequest.Ago(since)));
    }
}
