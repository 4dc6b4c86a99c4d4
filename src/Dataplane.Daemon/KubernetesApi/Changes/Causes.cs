using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Statuses;

namespace Dataplane.Daemon.KubernetesApi.Changes;

/// <summary>Faults of objects, in the words of the API.</summary>
internal static class Causes
{
    public static StatusCause Required(string field) => new("FieldValueRequired", "Required value", field);

    public static StatusCause Invalid(string field, JsonNode? value, string why) =>
        new("FieldValueInvalid", $"Invalid value: {value?.ToJsonString() ?? "null"}: {why}", field);

    public static StatusCause NotFound(string field, string value) =>
        new("FieldValueNotFound", $"Not found: \"{value}\"", field);

    public static StatusCause Forbidden(string field, string why) =>
        new("FieldValueForbidden", $"Forbidden: {why}", field);

    public static StatusCause Unsupported(string field, string value, string supported) =>
        new("FieldValueNotSupported", $"Unsupported value: \"{value}\": supported values: {supported}", field);
}
