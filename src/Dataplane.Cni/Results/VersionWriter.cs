using System.Text.Json;
using Dataplane.Api.Networks;

namespace Dataplane.Cni.Results;

/// <summary>The answer to VERSION.</summary>
internal static class VersionWriter
{
    public static byte[] Write(string version)
    {
        var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("cniVersion", version);
            json.WriteStartArray("supportedVersions");
            foreach (var supported in CniVersion.Supported) json.WriteStringValue(supported);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }
}
