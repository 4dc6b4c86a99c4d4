using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Dataplane.ApiMachinery.Tables;

/// <summary>What cells of many kinds are made of. What is not there, or of another type, counts as left out.</summary>
internal static class Cells
{
    public const string None = "<none>", Unknown = "<unknown>", Unset = "<unset>";

    /// <summary>The fields of each path: all are constants, or put together from constants.</summary>
    private static readonly ConcurrentDictionary<string, string[]> Paths = [];

    /// <summary>The node at a path of fields divided by <c>.</c>; null: it is not there.</summary>
    public static JsonNode? At(this JsonNode? node, string path)
    {
        foreach (var name in Paths.GetOrAdd(path, p => p.Split('.')))
        {
            node = (node as JsonObject)?[name];
        }
        return node;
    }

    /// <summary>The string at a path; empty: it is not there.</summary>
    public static string Text(this JsonNode? node, string path) =>
        node.At(path) is JsonValue value ? value.TryGetValue<string>(out var text) ? text : value.ToJsonString() : "";

    /// <summary>The string at a path, or what stands for nothing.</summary>
    public static string Text(this JsonNode? node, string path, string otherwise) =>
        node.Text(path) is { Length: > 0 } text ? text : otherwise;

    /// <summary>The integer at a path; 0: it is not there.</summary>
    public static long Number(this JsonNode? node, string path) =>
        node.At(path) is JsonValue value && value.TryGetValue<long>(out var number) ? number
            : long.TryParse(node.Text(path), CultureInfo.InvariantCulture, out number) ? number : 0;

    public static bool Flag(this JsonNode? node, string path) =>
        node.At(path) is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    /// <summary>The mappings of a list.</summary>
    public static IEnumerable<JsonObject> Items(this JsonNode? node, string path) =>
        (node.At(path) as JsonArray ?? []).OfType<JsonObject>();

    /// <summary>The strings of a list.</summary>
    public static IEnumerable<string> Words(this JsonNode? node, string path) =>
        (node.At(path) as JsonArray ?? []).OfType<JsonValue>().Select(v => v.ToString());

    public static int Count(this JsonNode? node, string path) => node.At(path) switch
    {
        JsonArray list => list.Count,
        JsonObject map => map.Count,
        _ => 0,
    };

    public static bool HasCondition(this JsonNode? node, string type, string status = "True") =>
        node.Items("status.conditions").Any(c => c.Text("type") == type && c.Text("status") == status);

    public static DateTimeOffset? Time(this JsonNode? node, string path) =>
        DateTimeOffset.TryParse(node.Text(path), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
            out var time) ? time : null;

    /// <summary>How long ago a time was.</summary>
    public static string Since(this JsonNode? node, string path, DateTimeOffset now, string otherwise = Unknown) =>
        node.Time(path) is { } time ? HumanDuration.Text(now - time) : otherwise;

    /// <summary>How old an object is.</summary>
    public static string Age(this JsonNode? obj, DateTimeOffset now) => obj.Since("metadata.creationTimestamp", now);

    public static string Name(this JsonNode? obj) => obj.Text("metadata.name");

    public static string Joined(this IEnumerable<string> words, string otherwise = "") =>
        string.Join(',', words) is { Length: > 0 } text ? text : otherwise;

    /// <summary>The first few, with how many follow.</summary>
    public static string Few(IReadOnlyCollection<string> words, string otherwise)
    {
        const int max = 3;
        var more = words.Count > max
            ? string.Create(CultureInfo.InvariantCulture, $" + {words.Count - max} more...") : "";
        return words.Take(max).Joined(otherwise) + more;
    }

    /// <summary>A mapping of labels, or the labels that a selector wants: <c>app=web,tier in (a,b)</c>.</summary>
    public static string Labels(this JsonNode? node, string path) => Pairs(node.At(path)).Joined(None);

    /// <summary>A LabelSelector.</summary>
    public static string Selector(this JsonNode? node, string path)
    {
        var words = Pairs(node.At(path + ".matchLabels")).ToList();
        foreach (var requirement in node.Items(path + ".matchExpressions"))
        {
            var (key, values) = (requirement.Text("key"), requirement.Words("values").Order(StringComparer.Ordinal));
            words.Add(requirement.Text("operator") switch
            {
                "In" => $"{key} in ({values.Joined()})",
                "NotIn" => $"{key} notin ({values.Joined()})",
                "DoesNotExist" => "!" + key,
                _ => key,
            });
        }
        return words.Joined(None);
    }

    private static IEnumerable<string> Pairs(JsonNode? map) => (map as JsonObject ?? [])
        .OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={p.Value}");
}
