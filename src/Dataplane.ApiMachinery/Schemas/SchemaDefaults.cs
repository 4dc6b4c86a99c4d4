using System.Text.Json.Nodes;

namespace Dataplane.ApiMachinery.Schemas;

/// <summary>Fills in what an object leaves out and its type has a default for.</summary>
public static class SchemaDefaults
{
    /// <summary>Changes the object in place. A null where there is a default counts as left out.</summary>
    public static void Fill(JsonObject obj, ApiType type)
    {
        foreach (var field in type.Fields)
        {
            if (field.Default is { } value && obj[field.Name] is null)
            {
                obj[field.Name] = value.DeepClone();
            }
            if (field.Type is { } below && obj[field.Name] is { } found)
            {
                foreach (var mapping in Mappings(found, field.Count))
                {
                    Fill(mapping, below());
                }
            }
        }
    }

    private static IEnumerable<JsonObject> Mappings(JsonNode value, ValueCount count) => (count, value) switch
    {
        (ValueCount.One, JsonObject one) => [one],
        (ValueCount.List, JsonArray list) => list.OfType<JsonObject>(),
        (ValueCount.Map, JsonObject map) => map.Select(p => p.Value).OfType<JsonObject>(),
        _ => [],
    };
}
