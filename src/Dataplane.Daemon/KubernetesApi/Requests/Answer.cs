using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Statuses;
using Dataplane.Daemon.KubernetesApi.Views;
using Microsoft.AspNetCore.Http;

namespace Dataplane.Daemon.KubernetesApi.Requests;

/// <summary>Answers as JSON.</summary>
internal static class Answer
{
    public const string Json = "application/json";

    public static Task Write(HttpContext http, JsonNode answer, int code = 200) =>
        Write(http, JsonParts.Bytes(answer), code);

    public static async Task Write(HttpContext http, ReadOnlyMemory<byte> json, int code = 200, string type = Json)
    {
        http.Response.StatusCode = code;
        http.Response.ContentType = type;
        http.Response.ContentLength = json.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.BodyWriter.WriteAsync(json, http.RequestAborted);
        }
    }

    /// <summary>A refusal.</summary>
    public static Task Write(HttpContext http, StatusException refusal)
    {
        if (refusal.RetryAfterSeconds > 0) http.Response.Headers.RetryAfter = $"{refusal.RetryAfterSeconds}";
        return Write(http, refusal.ToStatus(), refusal.Code);
    }

    /// <summary>The metav1.Status of what went well.</summary>
    /// <param name="details">Name, kind and uid of the object.</param>
    public static JsonObject Success(JsonObject details) => new()
    {
        ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success",
        ["details"] = details,
    };
}
