using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Schemas;

namespace Dataplane.ApiMachinery.Applying;

/// <summary>The fields that a manager owns who applies an object.</summary>
internal static class OwnedFields
{
    public static FieldSet Of(JsonObject applied, ApiType? type)
    {
        var result = new FieldSet();
        Collect(applied, ValueSchema.Of(type), [], result);
        return result;
    }

    /// <summary>
    /// With the fields of types on the way to a path: whoever removes the last field of a type's mapping removes it.
    /// </summary>
    public static FieldSet WithParents(FieldSet set, ApiType? type)
    {
        var result = set.Union(new FieldSet());
        AddParents(set, ValueSchema.Of(type), [], result);
        return result;
    }

    private static void Collect(JsonNode? value, ValueSchema schema, List<string> path, FieldSet result)
    {
        switch (value)
        {
            case JsonObject mapping when !schema.IsAtomicMapping:
                foreach (var (key, inner) in mapping)
                {
                    path.Add(PathElement.Field(key));
                    if (inner is null or JsonObject { Count: 0 } || schema.Type?.Find(key) is null)
                    {
                        result.Add(path);
                    }
                    Collect(inner, schema.Child(key), path, result);
                    path.RemoveAt(path.Count - 1);
                }
                break;
            case JsonArray list when schema.List is { Merge: not ListMerge.Atomic } field:
                foreach (var item in list)
                {
                    path.Add(PathElement.Item(field, item));
                    result.Add(path);
                    Collect(item, schema.Item(), path, result);
                    path.RemoveAt(path.Count - 1);
                }
                break;
            default:
                result.Add(path);
                break;
        }
    }

    private static void AddParents(FieldSet set, ValueSchema schema, List<string> path, FieldSet result)
    {
        foreach (var (element, child) in set.Children)
        {
            path.Add(element);
            if (element[0] == 'f' && schema.Type?.Find(element[2..]) is not null)
            {
                result.Add(path);
            }
            AddParents(child, element[0] == 'f' ? schema.Child(element[2..]) : schema.Item(), path, result);
            path.RemoveAt(path.Count - 1);
        }
    }
}
