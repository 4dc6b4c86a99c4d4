using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Dataplane.ApiMachinery.OpenApi;

/// <summary>What the documents of both versions of OpenAPI share.</summary>
internal static class Documents
{
    /// <summary>The version of Kubernetes whose types are described.</summary>
    public const string Version = "v1.35.0";

    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>(1 << 16);
        using (var json = new Utf8JsonWriter(bytes, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return bytes.WrittenSpan.ToArray();
    }

    public static void WriteInfo(Utf8JsonWriter json)
    {
        json.WriteStartObject("info");
        json.WriteString("title", "Kubernetes");
        json.WriteString("version", Version);
        json.WriteEndObject();
    }

    public static string TypeOfParameter(string name) => name switch
    {
        "gracePeriodSeconds" or "limit" or "limitBytes" or "ports" or "sinceSeconds" or "tailLines"
            or "timeoutSeconds" => "integer",
        "allowWatchBookmarks" or "follow" or "force" or "orphanDependents" or "previous" or "sendInitialEvents"
            or "stderr" or "stdin" or "stdout" or "timestamps" or "tty" or "watch" => "boolean",
        _ => "string",
    };
}
