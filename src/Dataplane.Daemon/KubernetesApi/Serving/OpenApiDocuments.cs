using System.Globalization;
using Dataplane.ApiMachinery.OpenApi;
using Dataplane.ApiMachinery.Statuses;
using Dataplane.Daemon.KubernetesApi.Requests;
using Dataplane.Daemon.KubernetesApi.Shaping;
using Microsoft.AspNetCore.Http;

namespace Dataplane.Daemon.KubernetesApi.Serving;

/// <summary>The OpenAPI documents of what is served now.</summary>
internal sealed class OpenApiDocuments(ServedKinds kinds)
{
    /// <summary>The second form is what old clients ask for, and no valid media type.</summary>
    private const string Protobuf = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf",
        OldProtobuf = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

    private sealed record Made(IReadOnlyList<ServedKinds.CustomKind> From, OpenApiSet Documents);

    private volatile Made? _made;

    public Task Write(HttpContext http, string path)
    {
        var documents = Current();
        if (path == "/openapi/v2")
        {
            var accept = http.Request.Headers.Accept.ToString();
            var isBinary = accept.Contains(Protobuf, StringComparison.Ordinal)
                || accept.Contains(OldProtobuf, StringComparison.Ordinal);
            return isBinary ? Answer.Write(http, documents.Version2Protobuf, type: Protobuf)
                : Answer.Write(http, documents.Version2);
        }
        if (path is "/openapi/v3" or "/openapi/v3/") return Answer.Write(http, documents.Index);
        var document = documents.Version3(path["/openapi/v3".Length..])
            ?? throw new StatusException(StatusReason.NotFound, "the server could not find the requested resource");
        KeepFor(http, OpenApiSet.HashOf(document));
        return Answer.Write(http, document);
    }

    /// <summary>A client that asks for a document by its hash need never ask for it again.</summary>
    private static void KeepFor(HttpContext http, string hash)
    {
        http.Response.Headers.ETag = $"\"{hash}\"";
        if (http.Request.Query["hash"] != hash) return;
        http.Response.Headers.CacheControl = "public, immutable";
        http.Response.Headers.Expires =
            TimeProvider.System.GetUtcNow().AddYears(1).ToString("R", CultureInfo.InvariantCulture);
    }

    /// <summary>Made anew when a custom kind has come, changed or gone.</summary>
    private OpenApiSet Current()
    {
        var custom = kinds.CustomKinds;
        if (_made is not { } made || !made.From.Equals(custom))
            _made = made = new Made(custom, new OpenApiSet(kinds.All, kinds.Types));
        return made.Documents;
    }
}
