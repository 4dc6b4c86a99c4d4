using Dataplane.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dataplane.Daemon.Endpoints;

/// <summary>The description of the API, written by hand; a test compares it with the endpoints.</summary>
internal static class OpenApiEndpoint
{
    private const string Resource = "openapi.json";

    public static void MapOpenApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet(ApiPaths.OpenApi, (RequestDelegate)(http =>
        {
            http.Response.ContentType = "application/json";
            return Document().CopyToAsync(http.Response.Body, http.RequestAborted);
        }));

    public static Stream Document() => typeof(OpenApiEndpoint).Assembly.GetManifestResourceStream(Resource)!;
}
