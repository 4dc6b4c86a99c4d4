using System.Globalization;
using System.Text.Json.Nodes;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Loading;

/// <summary>The objects of a document as JSON, as the API server gets them from kubectl.</summary>
public static class DocumentJson
{
    /// <summary>The objects of one document: the items of a list stand for the list, with their kind.</summary>
    /// <param name="text">A document that has been loaded.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static IEnumerable<JsonObject> Objects(string text)
    {
        var bag = new DiagnosticBag([]);
        if (!new YamlDocumentReader(new SourceText("document", text), bag).TryRead(out var root) || bag.HasErrors)
        {
            throw new FormatException("it cannot be read as YAML");
        }
        return Flatten(Node(root), null, null);
    }

    private static IEnumerable<JsonObject> Flatten(JsonNode? node, string? version, string? kind)
    {
        if (node is not JsonObject obj)
        {
            return [];
        }
        var own = (string?)obj["kind"];
        if (own is null && kind is not null)
        {
            (obj["apiVersion"], obj["kind"]) = (version, kind);
        }
        if (own?.EndsWith("List", StringComparison.Ordinal) != true || obj["items"] is not JsonArray items)
        {
            return [obj];
        }
        var of = own[..^"List".Length];
        var all = items.ToList();
        items.Clear();
        return all.SelectMany(item => of.Length == 0 ? Flatten(item, null, null)
            : Flatten(item, (string?)obj["apiVersion"], of));
    }

    private static JsonNode? Node(YamlNode node)
    {
        switch (node)
        {
            case YamlMapping mapping:
                var obj = new JsonObject();
                foreach (var entry in mapping.Entries)
                {
                    obj[entry.Key.Value] = Node(entry.Value);
                }
                return obj;
            case YamlSequence sequence:
                return new JsonArray([.. sequence.Items.Select(Node)]);
            default:
                return Scalar((YamlScalar)node);
        }
    }

    private static JsonValue? Scalar(YamlScalar scalar)
    {
        switch (scalar.Kind)
        {
            case ScalarKind.Null:
                return null;
            case ScalarKind.Boolean:
                return JsonValue.Create(PlainScalar.IsTrue(scalar.Value));
            case ScalarKind.String:
                return JsonValue.Create(scalar.Value);
        }
        if (PlainScalar.Whole(scalar.Value) is { } whole)
        {
            return JsonValue.Create(whole);
        }
        return double.TryParse(scalar.Value.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float,
            CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? JsonValue.Create(number) : JsonValue.Create(scalar.Value);
    }
}
