using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Protobuf;
using Dataplane.ApiMachinery.Statuses;
using Dataplane.Kubernetes.Loading;
using Microsoft.AspNetCore.Http;

namespace Dataplane.Daemon.KubernetesApi.Requests;

/// <summary>Reads bodies. The memory of all of them together is bounded, not only that of each.</summary>
internal sealed class Bodies
{
    /// <summary>Bytes that a body may have: as the API server's limit, etcd's being smaller.</summary>
    public const int MaxBytes = 3 << 20;

    /// <summary>Bytes of all bodies that are read at a time.</summary>
    private const long Budget = 64 << 20;

    private const int MaxDepth = 64;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth,
        AllowDuplicateProperties = false };

    /// <summary>Of bodies in JSON and YAML; those of patches are told apart where they are made.</summary>
    private static readonly string[] Types =
    [
        Answer.Json, "application/yaml", "application/json-patch+json", "application/merge-patch+json",
        "application/strategic-merge-patch+json", "application/apply-patch+yaml",
    ];

    private long _held;

    /// <summary>The body as an object; null: it is empty.</summary>
    /// <exception cref="StatusException">It is none, or too much.</exception>
    public async Task<JsonObject?> Object(HttpContext http) => await Node(http) switch
    {
        null => null,
        JsonObject obj => obj,
        _ => throw StatusException.BadRequest("the body of the request is no object"),
    };

    /// <summary>The body as an object that there must be.</summary>
    /// <inheritdoc cref="Object"/>
    public async Task<JsonObject> RequiredObject(HttpContext http) => await Object(http) ?? throw Empty();

    /// <summary>The body, which there must be.</summary>
    /// <inheritdoc cref="Object"/>
    public async Task<JsonNode> RequiredNode(HttpContext http) => await Node(http) ?? throw Empty();

    /// <summary>The body, protobuf, JSON or YAML by its type; null: it is empty.</summary>
    /// <inheritdoc cref="Object"/>
    public async Task<JsonNode?> Node(HttpContext http)
    {
        var bytes = await Bytes(http);
        if (bytes.Length == 0) return null;
        var type = MediaTypeOf(http);
        var isProtobuf = type.Equals(ProtobufBody.MediaType, StringComparison.OrdinalIgnoreCase);
        if (type.Length > 0 && !isProtobuf && !Types.Contains(type, StringComparer.OrdinalIgnoreCase))
        {
            throw new StatusException(StatusReason.UnsupportedMediaType,
                $"the body of the request was in an unknown format - accepted media types include: {Answer.Json}, "
                    + $"application/yaml, {ProtobufBody.MediaType}");
        }
        try
        {
            return isProtobuf ? ProtobufBody.Read(bytes.Span)
                : bytes.Span[0] is (byte)'{' or (byte)'[' ? JsonNode.Parse(bytes.Span, null, Options)
                : DocumentJson.Objects(Encoding.UTF8.GetString(bytes.Span)).FirstOrDefault();
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw StatusException.BadRequest(
                $"the body of the request cannot be read: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>The type that the request gives its body, without parameters; empty: none.</summary>
    public static string MediaTypeOf(HttpContext http) => (http.Request.ContentType ?? "").Split(';')[0].Trim();

    private async Task<ReadOnlyMemory<byte>> Bytes(HttpContext http)
    {
        if (http.Request.ContentLength > MaxBytes) throw TooLarge();
        var bytes = new MemoryStream();
        var buffer = new byte[16 << 10];
        long mine = 0;
        try
        {
            while (await http.Request.Body.ReadAsync(buffer, http.RequestAborted) is var n and > 0)
            {
                mine += n;
                if (Interlocked.Add(ref _held, n) > Budget)
                {
                    throw new StatusException(StatusReason.TooManyRequests, "too many large requests at once")
                    {
                        RetryAfterSeconds = 1,
                    };
                }
                if (mine > MaxBytes) throw TooLarge();
                bytes.Write(buffer, 0, n);
            }
        }
        finally
        {
            Interlocked.Add(ref _held, -mine);
        }
        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }

    private static StatusException Empty() => StatusException.BadRequest("the body of the request is empty");

    private static StatusException TooLarge() =>
        new(StatusReason.RequestEntityTooLarge, $"Request entity too large: limit is {MaxBytes}");
}
