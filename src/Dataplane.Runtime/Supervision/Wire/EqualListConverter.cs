using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Runtime.Supervision.Wire;

/// <summary>A list that is equal by content, as an array.</summary>
internal sealed class EqualListConverter<T> : JsonConverter<EqualList<T>>
{
    public override EqualList<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(JsonSerializer.Deserialize(ref reader, Items(options)) ?? throw new JsonException("null"));

    public override void Write(Utf8JsonWriter writer, EqualList<T> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, [.. value], Items(options));

    private static JsonTypeInfo<T[]> Items(JsonSerializerOptions options) =>
        (JsonTypeInfo<T[]>)options.GetTypeInfo(typeof(T[]));
}
