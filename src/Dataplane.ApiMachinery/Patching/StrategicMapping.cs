using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Schemas;
using Dataplane.ApiMachinery.Statuses;

namespace Dataplane.ApiMachinery.Patching;

/// <summary>Strategic merge of a mapping.</summary>
internal static class StrategicMapping
{
    /// <param name="target">Is changed, and is the result unless a directive replaces it.</param>
    public static JsonObject Merged(JsonObject target, JsonObject patch, ValueSchema schema)
    {
        if (patch.TryGetPropertyValue(StrategicMergePatch.Directive, out var directive))
        {
            return Directed(directive, patch);
        }
        Retain(target, patch);
        var ordered = Order(target, patch, schema);
        foreach (var (key, value) in patch)
        {
            if (key == StrategicMergePatch.RetainKeys || ordered.Contains(key)
                || key.StartsWith(StrategicMergePatch.ElementOrder, StringComparison.Ordinal))
            {
                continue;
            }
            if (key.StartsWith(StrategicMergePatch.DeleteFromList, StringComparison.Ordinal))
            {
                DeleteFromList(target, key[StrategicMergePatch.DeleteFromList.Length..], value);
                continue;
            }
            Set(target, key, value, schema.Child(key));
        }
        return target;
    }

    private static void Set(JsonObject target, string key, JsonNode? value, ValueSchema schema)
    {
        switch (value, target[key])
        {
            case (null, _):
                target.Remove(key);
                break;
            case (JsonObject inner, JsonObject old) when schema.Field is not { IsPatchReplaced: true }:
                var merged = Merged(old, inner, schema);
                if (!ReferenceEquals(merged, old))
                {
                    target[key] = merged;
                }
                break;
            case (JsonArray items, JsonArray old) when schema.List is { IsPatchMerged: true } list:
                target[key] = StrategicList.Merged(old, items, list, schema.Item());
                break;
            default:
                if (IsDirected(value))
                {
                    target.Remove(key);
                }
                else
                {
                    target[key] = Clean(value);
                }
                break;
        }
    }

    /// <summary>A new value, without the directives and the nulls of a patch.</summary>
    public static JsonNode? Clean(JsonNode? value) => value switch
    {
        JsonObject mapping => new JsonObject(mapping
            .Where(p => p.Value is not null && !IsDirected(p.Value) && !p.Key.StartsWith('$'))
            .Select(p => KeyValuePair.Create(p.Key, Clean(p.Value)))),
        JsonArray list => new JsonArray([.. list.Where(i => !IsDirected(i)).Select(Clean)]),
        _ => value?.DeepClone(),
    };

    private static bool IsDirected(JsonNode? value) =>
        value is JsonObject mapping && mapping.ContainsKey(StrategicMergePatch.Directive);

    /// <summary><c>merge</c> is what happens without a directive; upstream refuses it where it is written.</summary>
    private static JsonObject Directed(JsonNode? directive, JsonObject patch)
    {
        switch (Text(directive))
        {
            case "replace":
                var rest = patch.DeepClone().AsObject();
                rest.Remove(StrategicMergePatch.Directive);
                return Clean(rest)!.AsObject();
            case "delete":
                return [];
            default:
                throw StrategicMergePatch.Rejected(
                    $"unknown patch type: {Text(directive)} in map: {patch.ToJsonString()}", "");
        }
    }

    public static string? Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static void Retain(JsonObject target, JsonObject patch)
    {
        if (!patch.TryGetPropertyValue(StrategicMergePatch.RetainKeys, out var node))
        {
            return;
        }
        var kept = (node as JsonArray)?.Select(Text).ToHashSet();
        if (kept is null || patch.Any(p => p.Value is not null && !p.Key.StartsWith('$') && !kept.Contains(p.Key)))
        {
            throw StatusException.BadRequest("invalid patch format of retainKeys");
        }
        foreach (var key in target.Select(p => p.Key).Where(k => !kept.Contains(k)).ToList())
        {
            target.Remove(key);
        }
    }

    private static void DeleteFromList(JsonObject target, string key, JsonNode? value)
    {
        if (value is not JsonArray gone)
        {
            throw StatusException.BadRequest("invalid patch format of primitive list");
        }
        if (target[key] is JsonArray list)
        {
            target[key] = StrategicList.Without(list, gone);
        }
    }

    /// <summary>
    /// Merges the lists whose order the patch gives; the names of their fields, which are done with.
    /// </summary>
    private static HashSet<string> Order(JsonObject target, JsonObject patch, ValueSchema schema)
    {
        var done = new HashSet<string>();
        foreach (var (key, value) in patch)
        {
            if (!key.StartsWith(StrategicMergePatch.ElementOrder, StringComparison.Ordinal))
            {
                continue;
            }
            var field = key[StrategicMergePatch.ElementOrder.Length..];
            if (value is not JsonArray order || patch[field] is not (null or JsonArray)
                || target[field] is not (null or JsonArray))
            {
                throw StatusException.BadRequest("invalid patch format of setElementOrder list");
            }
            if (StrategicList.Ordered(target[field] as JsonArray, patch[field] as JsonArray, order,
                schema.Child(field)) is { } list)
            {
                target[field] = list;
                done.Add(field);
            }
        }
        return done;
    }
}
