using Dataplane.Api;
using Dataplane.Daemon.Observation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dataplane.Daemon.Endpoints;

/// <summary>/metrics, for Prometheus.</summary>
internal static class MetricsEndpoint
{
    public static void MapMetrics(this IEndpointRouteBuilder routes, DaemonContext context) =>
        routes.MapGet(ApiPaths.Metrics, (RequestDelegate)(http =>
        {
            http.Response.ContentType = PrometheusText.ContentType;
            return http.Response.WriteAsync(context.Metrics.Render(), http.RequestAborted);
        }));
}
