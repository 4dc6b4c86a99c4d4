using System.Text.Json;
using System.Text.Json.Serialization;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Runtime.Supervision.Wire;

internal sealed class ActionConverter : JsonConverter<ContainerAction>
{
    public override ContainerAction Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize(ref reader, SupervisorJson.Default.WireAction)?.Action()
            ?? throw new JsonException("no action");

    public override void Write(Utf8JsonWriter writer, ContainerAction value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, WireAction.Of(value), SupervisorJson.Default.WireAction);
}
