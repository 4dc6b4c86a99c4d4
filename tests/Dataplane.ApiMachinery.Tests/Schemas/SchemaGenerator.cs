using System.Text;
using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Resources;

namespace Dataplane.ApiMachinery.Tests.Schemas;

/// <summary>
/// Writes the types that the API serves, from the <c>definitions</c> of Kubernetes' own OpenAPI document (version 2),
/// in the short form that the program embeds: names, shapes and rules of merging, no descriptions.
/// </summary>
internal sealed class SchemaGenerator(JsonObject definitions)
{
    /// <summary>What has no path of its own: subresources, options, reviews and answers.</summary>
    private static readonly string[] Others =
    [
        "io.k8s.api.authentication.v1.SelfSubjectReview",
        "io.k8s.api.authentication.v1.TokenRequest",
        "io.k8s.api.authorization.v1.SelfSubjectAccessReview",
        "io.k8s.api.authorization.v1.SelfSubjectRulesReview",
        "io.k8s.api.autoscaling.v1.Scale",
        "io.k8s.api.policy.v1.Eviction",
        Meta + "DeleteOptions",
        Meta + "Status",
        Meta + "WatchEvent",
    ];

    /// <summary>
    /// Defaults of fields that tell items of a list apart: version 2 of the document leaves all defaults out.
    /// </summary>
    private static readonly Dictionary<string, string> Defaults = new()
    {
        ["io.k8s.api.core.v1.ContainerPort.protocol"] = "TCP",
        ["io.k8s.api.core.v1.ServicePort.protocol"] = "TCP",
    };

    private static readonly Dictionary<string, string> Words = new()
    {
        ["io.k8s.apimachinery.pkg.api.resource.Quantity"] = "quantity",
        ["io.k8s.apimachinery.pkg.util.intstr.IntOrString"] = "integer-or-string",
        ["io.k8s.apimachinery.pkg.runtime.RawExtension"] = "object",
        [Meta + "Time"] = "time",
        [Meta + "MicroTime"] = "time",
        [Meta + "FieldsV1"] = "object",
    };

    private const string Meta = "io.k8s.apimachinery.pkg.apis.meta.v1.";

    private readonly SortedSet<string> _names = new(StringComparer.Ordinal);

    public static SchemaGenerator Read(string path) =>
        new((JsonObject)JsonNode.Parse(File.ReadAllBytes(path))!["definitions"]!);

    public string Write()
    {
        Array.ForEach(Others, Collect);
        foreach (var name in ApiResources.BuiltIn.Select(NameOf).OfType<string>())
        {
            Collect(name);
            Collect(name + "List");
        }
        var text = new StringBuilder("# Written by SchemaGenerator: see docs/kubernetes-api.md, \"Schemas\".\n");
        foreach (var package in _names.GroupBy(PackageOf).OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            text.Append($"package {Short(package.Key)} {package.Key}{VersionOf(package)}\n");
            foreach (var name in package)
            {
                WriteType(text, name, package.Key);
            }
        }
        return text.ToString();
    }

    private string? NameOf(ApiResource resource) => definitions.FirstOrDefault(d =>
        d.Value!["x-kubernetes-group-version-kind"] is JsonArray kinds && kinds.Any(k =>
            (string)k!["group"]! == resource.Kind.Group && (string)k["version"]! == resource.Kind.Version
            && (string)k["kind"]! == resource.Kind.Name)).Key;

    /// <summary>The group and version of a package's kinds, behind a space; empty where it has none.</summary>
    private string VersionOf(IGrouping<string, string> package)
    {
        var resource = ApiResources.BuiltIn.FirstOrDefault(r => package.Contains(NameOf(r)));
        return resource is null ? "" : " " + resource.Kind.ApiVersion;
    }

    private void Collect(string name)
    {
        if (Words.ContainsKey(name) || definitions[name] is null || Properties(name) is not { } properties
            || !_names.Add(name))
        {
            return;
        }
        foreach (var (_, property) in properties)
        {
            if (Reference(Item(property!)) is { } next)
            {
                Collect(next);
            }
        }
    }

    private void WriteType(StringBuilder text, string name, string package)
    {
        var definition = definitions[name]!;
        var required = definition["required"] is JsonArray names ? names.Select(n => (string)n!).ToHashSet() : [];
        text.Append(name[(package.Length + 1)..]);
        text.Append(Says(definition, "x-kubernetes-map-type", "atomic") ? " atomic\n" : "\n");
        foreach (var (field, property) in Properties(name)!.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            text.Append($" {field}{(required.Contains(field) ? "!" : "")} ");
            text.Append(property!["items"] is not null ? "[]" : "");
            text.Append(property["additionalProperties"] is not null ? "{}" : "");
            text.Append(Word(Item(property), package));
            WriteRules(text, property);
            text.Append(Defaults.TryGetValue($"{name}.{field}", out var value) ? $" default={value}\n" : "\n");
        }
    }

    private static void WriteRules(StringBuilder text, JsonNode property)
    {
        if (property["x-kubernetes-list-type"] is { } list && (string)list! != "atomic")
        {
            var keys = property["x-kubernetes-list-map-keys"] is JsonArray k ? $"({string.Join(',', k)})" : "";
            text.Append($" {list}{keys}");
        }
        text.Append(Says(property, "x-kubernetes-map-type", "atomic") ? " atomic" : "");
        foreach (var strategy in ((string?)property["x-kubernetes-patch-strategy"] ?? "").Split(','))
        {
            var key = strategy == "merge" ? (string?)property["x-kubernetes-patch-merge-key"] : null;
            text.Append(strategy.Length == 0 ? "" : key is null ? $" {strategy}" : $" {strategy}({key})");
        }
    }

    private string Word(JsonNode value, string package)
    {
        if (Reference(value) is not { } name)
        {
            return (string?)value["format"] ?? (value["items"] is null ? (string?)value["type"] : null) ?? "any";
        }
        if (Words.TryGetValue(name, out var word))
        {
            return word;
        }
        if (Properties(name) is null)
        {
            return (string?)definitions[name]!["type"] == "object" ? "object" : "any";
        }
        return PackageOf(name) == package ? name[(package.Length + 1)..] : $"{Short(PackageOf(name))}.{LastPart(name)}";
    }

    private JsonObject? Properties(string name) => definitions[name]!["properties"] as JsonObject;

    /// <summary>The value itself, or what each item of its list or map is.</summary>
    private static JsonNode Item(JsonNode property) =>
        property["items"] ?? property["additionalProperties"] ?? property;

    private static string? Reference(JsonNode value) =>
        (string?)value["$ref"] is { } path ? path[(path.LastIndexOf('/') + 1)..] : null;

    private static bool Says(JsonNode node, string key, string value) => (string?)node[key] == value;

    private static string PackageOf(string name) => name[..name.LastIndexOf('.')];

    private static string LastPart(string name) => name[(name.LastIndexOf('.') + 1)..];

    /// <summary>The last two parts: <c>core.v1</c>.</summary>
    private static string Short(string package) => string.Join('.', package.Split('.')[^2..]);
}
