using System.Text.Json;
using Dataplane.Cni.Protocol;

namespace Dataplane.Cni.Results;

/// <summary>What a request ends with that failed, and the answer to VERSION.</summary>
internal static class ErrorWriter
{
    /// <param name="version">Of the request, or the newest.</param>
    public static byte[] Write(string version, CniException error)
    {
        var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("cniVersion", version);
            json.WriteNumber("code", error.Code);
            json.WriteString("msg", error.Message);
            if (error.Details is { } details) json.WriteString("details", details);
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }
}
