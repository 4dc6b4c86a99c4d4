using System.Text.Json;
using System.Text.Json.Serialization;
using Dataplane.Runtime.Statuses;

namespace Dataplane.Runtime.Supervision.Wire;

internal sealed class StateConverter : JsonConverter<ContainerState>
{
    public override ContainerState Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize(ref reader, SupervisorJson.Default.WireState)?.State()
            ?? throw new JsonException("no state");

    public override void Write(Utf8JsonWriter writer, ContainerState value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, WireState.Of(value), SupervisorJson.Default.WireState);
}
