using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Schemas;

namespace Dataplane.ApiMachinery.Applying;

/// <summary>
/// One step of a path to a field, in the spelling of fieldsV1: <c>f:NAME</c> in a mapping, <c>k:{KEYS}</c> of a mapping
/// in a list, <c>v:VALUE</c> of a scalar in a list, <c>i:INDEX</c>.
/// </summary>
internal static class PathElement
{
    private static readonly JsonSerializerOptions Plain =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Field(string name) => "f:" + name;

    /// <summary>The step to an item of a list that is merged.</summary>
    public static string Item(ApiField list, JsonNode? item) =>
        list.Merge == ListMerge.Map && Keys(list, item) is { } keys ? "k:" + Text(keys) : "v:" + Text(item);

    /// <summary>The keys of an item, sorted by name; null: it has none.</summary>
    public static JsonObject? Keys(ApiField list, JsonNode? item)
    {
        if (item is not JsonObject mapping)
        {
            return null;
        }
        var found = list.Keys.Where(mapping.ContainsKey).ToList();
        if (found.Count == 0)
        {
            return null;
        }
        var keys = new JsonObject();
        foreach (var key in list.Keys.Order(StringComparer.Ordinal))
        {
            if ((mapping[key] ?? list.Type?.Invoke().Find(key)?.Default) is { } value)
            {
                keys[key] = value.DeepClone();
            }
        }
        return keys;
    }

    /// <summary>The same step in our own spelling of JSON; null: it is no step.</summary>
    public static string? Normal(string element)
    {
        if (element.Length < 2 || element[1] != ':')
        {
            return null;
        }
        try
        {
            return element[0] switch
            {
                'f' or 'i' => element,
                'v' => "v:" + Text(JsonNode.Parse(element[2..])),
                'k' => "k:" + Text(new JsonObject(Parsed(element)
                    .OrderBy(p => p.Key, StringComparer.Ordinal)
                    .Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())))),
                _ => null,
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>As messages show a path: <c>.spec.containers[name="web"].image</c>.</summary>
    public static string Shown(IEnumerable<string> path) => string.Concat(path.Select(Shown));

    private static string Shown(string element) => element[0] switch
    {
        'f' => "." + element[2..],
        'v' => $"[={element[2..]}]",
        'k' => $"[{string.Join(',', Parsed(element).Select(p => $"{p.Key}={Text(p.Value)}"))}]",
        _ => $"[{element[2..]}]",
    };

    private static JsonObject Parsed(string element) => JsonNode.Parse(element[2..])!.AsObject();

    private static string Text(JsonNode? node) => node?.ToJsonString(Plain) ?? "null";
}
