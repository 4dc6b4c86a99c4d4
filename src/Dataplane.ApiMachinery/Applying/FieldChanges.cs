using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Schemas;

namespace Dataplane.ApiMachinery.Applying;

/// <summary>Which fields differ between two states of an object.</summary>
internal sealed class FieldChanges
{
    /// <summary>
    /// Fields of upstream's types that are there even in an empty object: that they come is no change.
    /// </summary>
    private static readonly HashSet<string> AlwaysThere =
    [
        "containers", "jobTemplate", "metadata", "resources", "spec", "status", "strategy", "template",
        "updateStrategy",
    ];

    private readonly List<string> _path = [];

    /// <summary>New fields and those with another value.</summary>
    public FieldSet Set { get; } = new();

    public FieldSet Removed { get; } = new();

    public static FieldChanges Between(JsonObject before, JsonObject after, ApiType? type)
    {
        var changes = new FieldChanges();
        changes.CompareMappings(before, after, ValueSchema.Of(type));
        return changes;
    }

    private void Compare(string element, JsonNode? before, JsonNode? after, ValueSchema schema)
    {
        if (before is null && after is null)
        {
            return;
        }
        _path.Add(element);
        if (!schema.IsAtomicMapping && (before, after) is (JsonObject or null, JsonObject or null)
            && (before is JsonObject { Count: > 0 } || after is JsonObject { Count: > 0 }))
        {
            AddIfOneSided(element, before, after, schema);
            CompareMappings(before as JsonObject ?? [], after as JsonObject ?? [], schema);
        }
        else if (schema.List is { Merge: not ListMerge.Atomic } list
            && (before, after) is (JsonArray or null, JsonArray or null)
            && (before is JsonArray { Count: > 0 } || after is JsonArray { Count: > 0 }))
        {
            AddIfOneSided(element, before, after, schema);
            CompareLists(before as JsonArray ?? [], after as JsonArray ?? [], list, schema.Item());
        }
        else
        {
            AddIfDifferent(before, after);
        }
        _path.RemoveAt(_path.Count - 1);
    }

    private void CompareMappings(JsonObject before, JsonObject after, ValueSchema schema)
    {
        foreach (var key in before.Select(p => p.Key).Union(after.Select(p => p.Key)))
        {
            Compare(PathElement.Field(key), before[key], after[key], schema.Child(key));
        }
    }

    private void CompareLists(JsonArray before, JsonArray after, ApiField list, ValueSchema item)
    {
        var (old, changed) = (ByElement(before, list), ByElement(after, list));
        foreach (var element in old.Keys.Union(changed.Keys))
        {
            Compare(element, old.GetValueOrDefault(element), changed.GetValueOrDefault(element), item);
        }
    }

    private static Dictionary<string, JsonNode?> ByElement(JsonArray items, ApiField list) => items
        .DistinctBy(i => PathElement.Item(list, i)).ToDictionary(i => PathElement.Item(list, i));

    private void AddIfOneSided(string element, JsonNode? before, JsonNode? after, ValueSchema schema)
    {
        var isUpstreams = schema.Field is { Shape: ValueShape.Object, Type: { } type }
            && type().Name.StartsWith("io.k8s.", StringComparison.Ordinal);
        if ((before is null || after is null) && !(isUpstreams && AlwaysThere.Contains(element[2..])))
        {
            AddIfDifferent(before, after);
        }
    }

    private void AddIfDifferent(JsonNode? before, JsonNode? after)
    {
        if (after is null)
        {
            Removed.Add(_path);
        }
        else if (before is null || !JsonNode.DeepEquals(before, after))
        {
            Set.Add(_path);
        }
    }
}
