using System.Text.Json.Nodes;

namespace Dataplane.ApiMachinery.Schemas;

/// <summary>
/// The type that a CustomResourceDefinition gives its objects, made from the <c>openAPIV3Schema</c> of a version.
/// Read as far as fields, their shapes and the rules of merging go; what limits values (enum, pattern, minimum, rules of
/// CEL) is not. Lists of lists and maps of maps are taken as they come.
/// </summary>
public static class CrdSchema
{
    private const string Preserve = "x-kubernetes-preserve-unknown-fields";

    /// <param name="name">As OpenAPI documents name it, such as <c>com.example.stable.v1.CronTab</c>.</param>
    /// <param name="schema">Null: the version has none, and objects are kept as they are.</param>
    /// <param name="isOpen">The definition says <c>preserveUnknownFields</c>.</param>
    public static ApiType Read(string name, JsonObject? schema, bool isOpen = false)
    {
        var own = schema is null ? [] : FieldsOf(schema).Where(f => f.Name is not ("apiVersion" or "kind" or "metadata"));
        return new ApiType(name, [.. own, .. FieldsOfEveryObject()])
        {
            Description = Text(schema, "description"),
            KeepsUnknown = isOpen || schema is null || Is(schema, Preserve),
        };
    }

    private static IEnumerable<ApiField> FieldsOfEveryObject() =>
    [
        new("apiVersion", ValueShape.Text, ValueCount.One, null),
        new("kind", ValueShape.Text, ValueCount.One, null),
        new("metadata", ValueShape.Object, ValueCount.One, () => SchemaSet.BuiltIn.ObjectMeta),
    ];

    private static IEnumerable<ApiField> FieldsOf(JsonObject schema)
    {
        var required = schema["required"] is JsonArray names ? names.Select(n => n?.ToString()).ToHashSet() : [];
        foreach (var (name, value) in schema["properties"] as JsonObject ?? [])
        {
            if (value is JsonObject property)
            {
                yield return Field(name, property) with { IsRequired = required.Contains(name) };
            }
        }
    }

    private static ApiField Field(string name, JsonObject property)
    {
        var (count, item) = property switch
        {
            _ when property["items"] is JsonObject items => (ValueCount.List, items),
            _ when property["additionalProperties"] is JsonObject values => (ValueCount.Map, values),
            _ => (ValueCount.One, property),
        };
        var shape = count != ValueCount.One && (item["items"] ?? item["additionalProperties"]) is not null
            ? ValueShape.Any : Shape(item);
        var field = new ApiField(name, shape, count, null)
        {
            Merge = Text(property, "x-kubernetes-list-type") switch
            {
                "map" => ListMerge.Map,
                "set" => ListMerge.Set,
                _ => ListMerge.Atomic,
            },
            Keys = property["x-kubernetes-list-map-keys"] is JsonArray keys ? [.. keys.Select(k => $"{k}")] : [],
            IsAtomic = Text(property, "x-kubernetes-map-type") == "atomic" || Text(item, "x-kubernetes-map-type") == "atomic",
            Default = property["default"]?.DeepClone(),
            Format = shape == ValueShape.IntegerOrText ? "int-or-string" : Text(item, "format"),
            Description = Text(property, "description"),
        };
        if (shape != ValueShape.Object)
        {
            return field;
        }
        var below = Is(item, "x-kubernetes-embedded-resource")
            ? Read("", item) : new ApiType("", FieldsOf(item)) { KeepsUnknown = Is(item, Preserve) };
        return field with { Type = () => below };
    }

    private static ValueShape Shape(JsonObject value) => Text(value, "type") switch
    {
        _ when Is(value, "x-kubernetes-int-or-string") => ValueShape.IntegerOrText,
        "string" => Text(value, "format") == "date-time" ? ValueShape.Time : ValueShape.Text,
        "integer" => ValueShape.Integer,
        "number" => ValueShape.Number,
        "boolean" => ValueShape.Boolean,
        "object" when value["properties"] is null && Is(value, Preserve) && !Is(value, "x-kubernetes-embedded-resource") =>
            ValueShape.AnyObject,
        "object" => ValueShape.Object,
        _ => ValueShape.Any,
    };

    private static string Text(JsonObject? value, string key) =>
        value?[key] is JsonValue text && text.TryGetValue<string>(out var found) ? found : "";

    private static bool Is(JsonObject value, string key) =>
        value[key] is JsonValue flag && flag.TryGetValue<bool>(out var found) && found;
}
