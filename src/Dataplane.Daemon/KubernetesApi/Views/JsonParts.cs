using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dataplane.Daemon.KubernetesApi.Views;

/// <summary>Parts of JSON objects.</summary>
internal static class JsonParts
{
    private static readonly JsonSerializerOptions Compact = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>As text on one line, in UTF-8.</summary>
    public static byte[] Bytes(JsonNode node) => JsonSerializer.SerializeToUtf8Bytes(node, Compact);

    /// <summary>The mapping of that name, which is made where it is not there.</summary>
    public static JsonObject Child(this JsonObject parent, string name)
    {
        if (parent[name] is JsonObject there) return there;
        var made = new JsonObject();
        parent[name] = made;
        return made;
    }

    /// <summary>The string of that name; null: it is not there, or no string.</summary>
    public static string? Text(this JsonObject? parent, string name) =>
        parent?[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String
            ? value.GetValue<string>() : null;

    /// <summary>The whole number of that name; null: it is not there, or none.</summary>
    public static long? Number(this JsonObject? parent, string name) =>
        parent?[name] is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;

    /// <summary>The strings of a mapping such as labels.</summary>
    public static JsonObject Of(IEnumerable<KeyValuePair<string, string>> pairs) =>
        new(pairs.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)JsonValue.Create(p.Value))));

    public static JsonArray Strings(IEnumerable<string> words) =>
        new([.. words.Select(w => (JsonNode?)JsonValue.Create(w))]);

    /// <summary>A time as the API has it: RFC 3339, UTC, in seconds.</summary>
    public static string Time(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A copy of its own.</summary>
    public static T Copy<T>(this T node) where T : JsonNode => (T)node.DeepClone();
}
