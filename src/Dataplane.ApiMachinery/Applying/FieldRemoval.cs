using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Schemas;

namespace Dataplane.ApiMachinery.Applying;

/// <summary>Takes fields out of an object.</summary>
internal static class FieldRemoval
{
    /// <summary>Changes the object. A mapping or list that is emptied by it goes too.</summary>
    public static void Remove(JsonObject target, FieldSet gone, ApiType? type) =>
        Mapping(target, gone, ValueSchema.Of(type));

    private static void Mapping(JsonObject target, FieldSet gone, ValueSchema schema)
    {
        foreach (var (element, below) in gone.Children)
        {
            var key = element[2..];
            if (element[0] != 'f' || target[key] is not { } value)
            {
                continue;
            }
            if (below.IsMember)
            {
                target.Remove(key);
                continue;
            }
            Inside(value, below, schema.Child(key));
            if (value is JsonObject { Count: 0 } or JsonArray { Count: 0 })
            {
                target.Remove(key);
            }
        }
    }

    private static void Inside(JsonNode? value, FieldSet gone, ValueSchema schema)
    {
        switch (value)
        {
            case JsonObject mapping when !schema.IsAtomicMapping:
                Mapping(mapping, gone, schema);
                break;
            case JsonArray list when schema.List is { Merge: not ListMerge.Atomic } field:
                for (var i = list.Count - 1; i >= 0; i--)
                {
                    if (!gone.Children.TryGetValue(PathElement.Item(field, list[i]), out var below))
                    {
                        continue;
                    }
                    if (below.IsMember)
                    {
                        list.RemoveAt(i);
                    }
                    else
                    {
                        Inside(list[i], below, schema.Item());
                    }
                }
                break;
        }
    }
}
