using System.Text.Json;
using System.Text.Json.Serialization;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Runtime.Supervision.Wire;

/// <summary>Names and values, one after the other: a name may stand there twice.</summary>
internal sealed class PairsConverter : JsonConverter<EqualList<KeyValuePair<string, string>>>
{
    public override EqualList<KeyValuePair<string, string>> Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var texts = JsonSerializer.Deserialize(ref reader, SupervisorJson.Default.StringArray);
        return texts is not { Length: var length } || length % 2 != 0 ? throw new JsonException("no pairs")
            : new([.. texts.Chunk(2).Select(p => KeyValuePair.Create(p[0], p[1]))]);
    }

    public override void Write(Utf8JsonWriter writer, EqualList<KeyValuePair<string, string>> value,
        JsonSerializerOptions options) => JsonSerializer.Serialize(writer,
            [.. value.SelectMany(p => (string[])[p.Key, p.Value])], SupervisorJson.Default.StringArray);
}
