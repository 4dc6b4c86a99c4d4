using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dataplane.ApiMachinery.Defaults;

/// <summary>
/// Reads and fills fields of objects that may have any shape: what has another one than the API's is left as it is.
/// </summary>
internal static class DefaultFields
{
    /// <summary>Sets a field that is left out, null or an empty text.</summary>
    public static void Default(this JsonObject obj, string field, JsonNode value)
    {
        if (obj[field] is null || obj.Text(field) is "")
        {
            obj[field] = value;
        }
    }

    /// <summary>Sets a number that is left out or 0.</summary>
    public static void DefaultNumber(this JsonObject obj, string field, int value)
    {
        if (obj[field] is null || obj.Integer(field) == 0)
        {
            obj[field] = value;
        }
    }

    /// <summary>The mapping of a field, made where it is left out; one that belongs to nobody in place of another
    /// shape.</summary>
    public static JsonObject Mapping(this JsonObject obj, string field)
    {
        switch (obj[field])
        {
            case JsonObject mapping:
                return mapping;
            case null:
                var made = new JsonObject();
                obj[field] = made;
                return made;
            default:
                return [];
        }
    }

    /// <summary>The mapping of a field; null: there is none.</summary>
    public static JsonObject? Find(this JsonObject obj, string field) => obj[field] as JsonObject;

    /// <summary>The mappings in the list of a field.</summary>
    public static IEnumerable<JsonObject> Items(this JsonObject obj, string field) =>
        (obj[field] as JsonArray ?? []).OfType<JsonObject>();

    /// <summary>Null: there is no text.</summary>
    public static string? Text(this JsonObject obj, string field) =>
        obj[field] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>Null: there is no integer of 32 bits.</summary>
    public static int? Integer(this JsonObject obj, string field) =>
        obj[field] is JsonValue value && value.GetValueKind() == JsonValueKind.Number
            && int.TryParse(value.ToJsonString(), CultureInfo.InvariantCulture, out var number) ? number : null;

    public static bool IsTrue(this JsonObject obj, string field) =>
        obj[field] is JsonValue value && value.TryGetValue(out bool found) && found;
}
