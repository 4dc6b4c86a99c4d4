using Dataplane.Daemon.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dataplane.Daemon.Observation;

/// <summary>/metrics, for Prometheus.</summary>
internal static class MetricsEndpoint
{
    public static void MapMetrics(this IEndpointRouteBuilder routes, Observatory observatory) =>
        routes.MapGet(ApiPaths.Metrics, (RequestDelegate)(http =>
        {
            http.Response.ContentType = PrometheusText.ContentType;
            return http.Response.WriteAsync(observatory.Metrics.Render(), http.RequestAborted);
        }));
}
