using Dataplane.ApiMachinery.OpenApi;
using Dataplane.ApiMachinery.Statuses;
using Dataplane.Daemon.KubernetesApi.Served;
using Microsoft.AspNetCore.Http;

namespace Dataplane.Daemon.KubernetesApi.Serving;

/// <summary>The OpenAPI documents of what is served now.</summary>
internal sealed class OpenApiDocuments(ServedKinds kinds)
{
    /// <summary>The second form is what old clients ask for, and no valid media type.</summary>
    private const string Protobuf = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf",
        OldProtobuf = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

    public Task Write(HttpContext http, string path)
    {
        var all = kinds.All;
        if (path == "/openapi/v2")
        {
            var accept = http.Request.Headers.Accept.ToString();
            return accept.Contains(Protobuf, StringComparison.Ordinal) || accept.Contains(OldProtobuf, StringComparison.Ordinal)
                ? Answer.Write(http, OpenApiV2.Protobuf(all, kinds.Types), type: Protobuf)
                : Answer.Write(http, OpenApiV2.Json(all, kinds.Types));
        }
        if (path is "/openapi/v3" or "/openapi/v3/") return Answer.Write(http, OpenApiV3.Index(all));
        var root = path["/openapi/v3".Length..];
        var served = all.Where(r => r.Root == root).ToList();
        return served.Count > 0 ? Answer.Write(http, OpenApiV3.Of(root, served, kinds.Types))
            : throw new StatusException(StatusReason.NotFound, "the server could not find the requested resource");
    }
}
