using System.Text.Json;
using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Cli.Matrix;

/// <summary>Writes the matrix directly to the stream, because a thousand pods have a million cells.</summary>
internal static class MatrixJson
{
    private static readonly JsonEncodedText Allowed = JsonEncodedText.Encode("allowed");
    private static readonly JsonEncodedText Denied = JsonEncodedText.Encode("denied");

    public static void Write(Utf8JsonWriter json, ReachabilityMatrix matrix, IReadOnlyList<ServiceMatrix> services)
    {
        json.WriteStartObject();
        json.WriteStartArray("probes");
        foreach (var block in matrix.Probes)
        {
            json.WriteStartObject();
            json.WriteString("protocol", block.Probe.Protocol.Text());
            json.WriteNumber("port", block.Probe.Port);
            json.WriteString("family", block.Family.Text());
            json.WriteStartObject("matrix");
            Rows(json, block);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        ServiceSection.WriteJson(json, services);
        json.WriteEndObject();
    }

    private static void Rows(Utf8JsonWriter json, ProbeMatrix block)
    {
        var names = block.Destinations.Select(e => JsonEncodedText.Encode(e.Name)).ToArray();
        for (var from = 0; from < block.Sources.Count; from++)
        {
            // An endpoint without an address of this family has no row.
            if (block.Sources[from].AddressIn(block.Family) is null) continue;
            json.WriteStartObject(block.Sources[from].Name);
            for (var to = 0; to < names.Length; to++)
                if (block[from, to] is { } allowed) json.WriteString(names[to], allowed ? Allowed : Denied);
            json.WriteEndObject();
        }
    }
}
