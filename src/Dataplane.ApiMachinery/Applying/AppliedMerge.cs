using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Schemas;
using Dataplane.ApiMachinery.Statuses;

namespace Dataplane.ApiMachinery.Applying;

/// <summary>Puts what is applied into the live object.</summary>
internal static class AppliedMerge
{
    /// <summary>A new object.</summary>
    /// <exception cref="StatusException">
    /// A list has an item without its keys, or two of the same keys (400).
    /// </exception>
    public static JsonObject Merged(JsonObject live, JsonObject applied, ApiType? type) =>
        Mapping(live, applied, ValueSchema.Of(type), []);

    private static JsonNode? Value(JsonNode? live, JsonNode? applied, ValueSchema schema, List<string> path)
    {
        switch (applied)
        {
            case JsonObject mapping when !schema.IsAtomicMapping:
                return Mapping(live as JsonObject ?? [], mapping, schema, path);
            case JsonArray list when schema.List is { Merge: not ListMerge.Atomic } field:
                return List(live as JsonArray ?? [], list, field, schema.Item(), path);
            default:
                return applied?.DeepClone();
        }
    }

    private static JsonObject Mapping(JsonObject live, JsonObject applied, ValueSchema schema, List<string> path)
    {
        var result = new JsonObject();
        foreach (var (key, value) in live)
        {
            result[key] = applied.ContainsKey(key) ? null : value?.DeepClone();
        }
        foreach (var (key, value) in applied)
        {
            path.Add(PathElement.Field(key));
            result[key] = Value(live[key], value, schema.Child(key), path);
            path.RemoveAt(path.Count - 1);
        }
        return result;
    }

    /// <summary>
    /// Applied items keep their order; a live one that is not applied comes before the next that is in both.
    /// </summary>
    private static JsonArray List(
        JsonArray live, JsonArray applied, ApiField field, ValueSchema item, List<string> path)
    {
        var elements = live.Select(i => PathElement.Item(field, i)).ToList();
        var liveItems = live.Zip(elements).DistinctBy(p => p.Second).ToDictionary(p => p.Second, p => p.First);
        var wanted = Elements(applied, field, path);
        var shared = new Queue<string>(wanted.Where(liveItems.ContainsKey));
        var appliedOnes = wanted.ToHashSet();
        var result = new JsonArray();
        var at = 0;
        foreach (var (value, element) in applied.Zip(wanted))
        {
            for (; at < live.Count && !(shared.TryPeek(out var next) && elements[at] == next); at++)
            {
                AddUnlessApplied(at);
            }
            path.Add(element);
            result.Add(Value(liveItems.GetValueOrDefault(element), value, item, path));
            path.RemoveAt(path.Count - 1);
            if (shared.TryPeek(out var first) && first == element)
            {
                shared.Dequeue();
            }
        }
        for (; at < live.Count; at++)
        {
            AddUnlessApplied(at);
        }
        return result;

        void AddUnlessApplied(int place)
        {
            if (!appliedOnes.Contains(elements[place]))
            {
                result.Add(live[place]?.DeepClone());
            }
        }
    }

    private static List<string> Elements(JsonArray applied, ApiField field, List<string> path)
    {
        var result = new List<string>();
        var seen = new HashSet<string>();
        foreach (var (place, item) in applied.Index())
        {
            if (field.Merge == ListMerge.Map && PathElement.Keys(field, item) is null)
            {
                throw StatusException.BadRequest($"{PathElement.Shown(path)}: element {place}: associative list with "
                    + $"keys has an element that omits all key fields {string.Join(", ", field.Keys)}");
            }
            var element = PathElement.Item(field, item);
            if (!seen.Add(element))
            {
                throw StatusException.BadRequest($"{PathElement.Shown(path)}: duplicate entries for key "
                    + PathElement.Shown([element]));
            }
            result.Add(element);
        }
        return result;
    }
}
