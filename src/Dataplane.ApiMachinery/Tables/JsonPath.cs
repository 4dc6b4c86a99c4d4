using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Dataplane.ApiMachinery.Tables;

/// <summary>
/// The paths that printer columns use: fields (<c>.spec.size</c>, <c>['a.b']</c>), an item by number (<c>[0]</c>,
/// <c>[-1]</c>), the first item with a value (<c>[?(@.type=="Ready")]</c>), and the first of all (<c>[*]</c>).
/// </summary>
internal sealed partial class JsonPath
{
    private readonly IReadOnlyList<Func<JsonNode?, JsonNode?>> _steps;

    private JsonPath(IReadOnlyList<Func<JsonNode?, JsonNode?>> steps) => _steps = steps;

    /// <summary>Null: the path is of another form.</summary>
    public static JsonPath? Parse(string text)
    {
        var steps = new List<Func<JsonNode?, JsonNode?>>();
        for (var at = 0; at < text.Length;)
        {
            var match = Step().Match(text, at);
            if (!match.Success || match.Length == 0)
            {
                return null;
            }
            steps.Add(StepOf(match.Groups));
            at += match.Length;
        }
        return new JsonPath(steps);
    }

    /// <summary>Null: there is nothing at the path.</summary>
    public JsonNode? Find(JsonObject obj) => _steps.Aggregate((JsonNode?)obj, (node, step) => step(node));

    private static Func<JsonNode?, JsonNode?> StepOf(GroupCollection groups)
    {
        if (groups["number"] is { Success: true } number)
        {
            var index = int.Parse(number.Value, CultureInfo.InvariantCulture);
            return node => node is JsonArray list
                ? list.ElementAtOrDefault(index < 0 ? list.Count + index : index) : null;
        }
        if (groups["key"] is { Success: true } key)
        {
            return node => (node as JsonArray)?.OfType<JsonObject>()
                .FirstOrDefault(o => o.Text(key.Value) == groups["value"].Value);
        }
        if (groups["all"].Success)
        {
            return node => node switch
            {
                JsonArray list => list.FirstOrDefault(),
                JsonObject map => map.FirstOrDefault().Value,
                _ => null,
            };
        }
        var field = groups["field"].Value.Replace(@"\.", ".", StringComparison.Ordinal);
        return node => (node as JsonObject)?[field];
    }

    [GeneratedRegex("""
        \G(?:\.(?<field>(?:[^.\[\]\\]|\\.)+)|\['(?<field>[^']+)'\]|\[(?<number>-?[0-9]{1,6})\]|\[(?<all>\*)\]
        |\[\?\(@\.(?<key>[A-Za-z0-9.]+)\s*==\s*["'](?<value>[^"']*)["']\)\])
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Step();
}
