using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Schemas;

namespace Dataplane.ApiMachinery.Patching;

/// <summary>
/// Strategic merge of lists. The order of the result: items of the patch stand as the patch has them, all others as
/// the live list has them; where both have a place in the live list, the one that was first there comes first.
/// </summary>
internal static class StrategicList
{
    /// <summary>A new list.</summary>
    public static JsonArray Merged(JsonArray live, JsonArray patch, ApiField field, ValueSchema item)
    {
        Check([.. live, .. patch], field);
        return new JsonArray([.. Interleaved(Together(live, patch, field, item), patch, live, field.PatchKey)]);
    }

    /// <summary>
    /// Merges a list whose order is given; null: neither has such a list, or nothing merges it.
    /// </summary>
    public static JsonArray? Ordered(JsonArray? live, JsonArray? patch, JsonArray order, ValueSchema schema)
    {
        if (schema.List is not { IsPatchMerged: true } field || (live is null && patch is null))
        {
            return null;
        }
        Check([.. order, .. live ?? [], .. patch ?? []], field);
        CheckOrder(patch ?? [], order, field.PatchKey);
        var items = Together(live ?? [], patch ?? [], field, schema.Item());
        // Upstream puts new items into the places of deleted ones before it looks at the order of the live list.
        JsonNode?[] places = [.. items.Take(live?.Count ?? 0)];
        var merged = Interleaved(items, patch ?? [], live ?? [], field.PatchKey);
        return new JsonArray([.. Interleaved(merged, order, places, field.PatchKey)]);
    }

    /// <summary>A new list without the given scalars.</summary>
    public static JsonArray Without(JsonArray live, JsonArray gone)
    {
        var names = gone.Select(g => Name(g, null)).ToHashSet();
        return new JsonArray([.. live.Where(i => !names.Contains(Name(i, null))).Select(i => i?.DeepClone())]);
    }

    /// <summary>The items of both: those of the live list, then new ones.</summary>
    private static List<JsonNode?> Together(JsonArray live, JsonArray patch, ApiField field, ValueSchema item)
    {
        if (field.PatchKey is not { } key)
        {
            return [.. live.Concat(patch).DistinctBy(i => Name(i, null)).Select(i => i?.DeepClone())];
        }
        var changes = patch.Where(i => DirectiveOf(i) is null).Select(i => i!.AsObject()).ToList();
        var gone = new HashSet<string>();
        foreach (var special in patch.Where(i => DirectiveOf(i) is not null))
        {
            switch (DirectiveOf(special))
            {
                case "replace":
                    return [.. changes.Select(StrategicMapping.Clean)];
                case "delete":
                    gone.Add(Name(special, key));
                    break;
                default:
                    throw StrategicMergePatch.Rejected(
                        $"unknown patch type: {DirectiveOf(special)} in map: {special!.ToJsonString()}", key);
            }
        }
        List<JsonNode?> result = [.. live.Where(i => !gone.Contains(Name(i, key))).Select(i => i?.DeepClone())];
        var places = Places(result, key);
        foreach (var change in changes)
        {
            if (places.TryGetValue(Name(change, key), out var place))
            {
                result[place] = StrategicMapping.Merged(result[place]!.AsObject(), change, item);
            }
            else
            {
                places[Name(change, key)] = result.Count;
                result.Add(StrategicMapping.Clean(change));
            }
        }
        return result;
    }

    /// <summary>The items that the order names, as it has them, between the others.</summary>
    private static List<JsonNode?> Interleaved(
        List<JsonNode?> items, JsonArray order, IEnumerable<JsonNode?> live, string? key)
    {
        var (places, before) = (Places(order, key), Places(live, key));
        var named = items.Select(i => (Item: i, Name: Name(i, key))).ToLookup(n => places.ContainsKey(n.Name));
        var asked = new Queue<(JsonNode? Item, string Name)>(named[true].OrderBy(n => places[n.Name]));
        var others = new Queue<(JsonNode? Item, string Name)>(named[false]);
        var result = new List<JsonNode?>();
        while (asked.TryPeek(out var next))
        {
            var isFirst = others.TryPeek(out var other) && before.TryGetValue(other.Name, out var otherPlace)
                && before.TryGetValue(next.Name, out var place) && otherPlace < place;
            result.Add((isFirst ? others : asked).Dequeue().Item);
        }
        return [.. result, .. others.Select(o => o.Item)];
    }

    /// <summary>Where each item is; of items of one name, the first.</summary>
    private static Dictionary<string, int> Places(IEnumerable<JsonNode?> list, string? key)
    {
        var places = new Dictionary<string, int>();
        foreach (var (place, item) in list.Index())
        {
            places.TryAdd(Name(item, key), place);
        }
        return places;
    }

    /// <summary>What tells an item from others.</summary>
    private static string Name(JsonNode? item, string? key) =>
        (key is null ? item : item?[key])?.ToJsonString() ?? "null";

    /// <summary>Null: an ordinary item.</summary>
    private static string? DirectiveOf(JsonNode? item) =>
        item is JsonObject mapping && mapping.TryGetPropertyValue(StrategicMergePatch.Directive, out var directive)
            ? StrategicMapping.Text(directive) ?? "" : null;

    /// <summary>Items of the patch come in the order that the patch itself gives.</summary>
    private static void CheckOrder(JsonArray patch, JsonArray order, string? key)
    {
        if (order.Count == 0)
        {
            return;
        }
        var next = 0;
        foreach (var item in patch.Where(i => DirectiveOf(i) is null))
        {
            while (next < order.Count && Name(order[next], key) != Name(item, key))
            {
                next++;
            }
            if (next == order.Count)
            {
                throw StrategicMergePatch.Rejected($"The order in patch list:\n{patch.ToJsonString()}\n doesn't match "
                    + $"{StrategicMergePatch.ElementOrder[..^1]} list:\n{order.ToJsonString()}\n", "");
            }
        }
    }

    private static void Check(IEnumerable<JsonNode?> items, ApiField field)
    {
        foreach (var item in items)
        {
            if (field.PatchKey is null ? item is JsonObject or JsonArray : item is not JsonObject)
            {
                throw StrategicMergePatch.Rejected(
                    $"list element types are not identical: {field.Name} holds an item of another kind", field.Name);
            }
            if (field.PatchKey is { } key && !item!.AsObject().ContainsKey(key) && DirectiveOf(item) != "replace")
            {
                throw StrategicMergePatch.Rejected(
                    $"map: {item.ToJsonString()} does not contain declared merge key: {key}", field.Name);
            }
        }
    }
}
