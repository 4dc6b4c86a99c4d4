using System.Text.Json;
using Dataplane.ApiMachinery.Resources;
using Dataplane.ApiMachinery.Schemas;

namespace Dataplane.ApiMachinery.OpenApi;

/// <summary>The documents below <c>/openapi/v3</c>: one for each group and version.</summary>
public static class OpenApiV3
{
    private static readonly string[] PatchTypes =
    [
        "application/apply-patch+yaml", "application/json-patch+json", "application/merge-patch+json",
        "application/strategic-merge-patch+json",
    ];

    /// <summary>The document of one group and version.</summary>
    /// <param name="root">Such as <c>/api/v1</c>; of the resources only those below it are described.</param>
    public static byte[] Of(string root, IReadOnlyList<ApiResource> resources, SchemaSet schemas) =>
        Documents.Write(json =>
        {
            var types = new ServedTypes(schemas);
            var paths = new ApiPaths(types);
            json.WriteString("openapi", "3.0.0");
            Documents.WriteInfo(json);
            json.WriteStartObject("paths");
            var schema = new SchemaWriter(json, 3);
            foreach (var path in resources.Where(r => r.Root == root).SelectMany(paths.Of))
            {
                WritePath(json, path, schema);
            }
            json.WriteEndObject();
            json.WriteStartObject("components");
            json.WriteStartObject("schemas");
            schema.WriteAll(types);
            json.WriteEndObject();
            json.WriteEndObject();
        });

    /// <summary>What <c>/openapi/v3</c> answers: where each document is.</summary>
    /// <param name="hashes">Of each root, a word that changes with its document: clients keep what they have read
    /// under it for good.</param>
    public static byte[] Index(IEnumerable<KeyValuePair<string, string>> hashes) => Documents.Write(json =>
    {
        json.WriteStartObject("paths");
        foreach (var (root, hash) in hashes)
        {
            json.WriteStartObject(root[1..]);
            json.WriteString("serverRelativeURL", $"/openapi/v3{root}?hash={hash}");
            json.WriteEndObject();
        }
        json.WriteEndObject();
    });

    private static void WritePath(Utf8JsonWriter json, ApiPath path, SchemaWriter schema)
    {
        json.WriteStartObject(path.Path);
        foreach (var operation in path.Operations)
        {
            json.WriteStartObject(operation.Method);
            json.WriteString("operationId", operation.Id);
            json.WriteString("x-kubernetes-action", operation.Action);
            json.WritePropertyName("x-kubernetes-group-version-kind");
            schema.WriteKind(operation.Kind);
            json.WriteStartArray("parameters");
            foreach (var name in operation.Query)
            {
                WriteParameter(json, name, "query");
            }
            json.WriteEndArray();
            if (operation.Body is not null || operation.Method == "patch")
            {
                json.WriteStartObject("requestBody");
                WriteContent(json, operation, schema);
                json.WriteEndObject();
            }
            json.WriteStartObject("responses");
            json.WriteStartObject("200");
            json.WriteString("description", "OK");
            if (operation.Answer is { } answer)
            {
                json.WriteStartObject("content");
                WriteSchema(json, "application/json", answer, schema);
                json.WriteEndObject();
            }
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteStartArray("parameters");
        foreach (var name in path.Parameters)
        {
            WriteParameter(json, name, "path");
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteContent(Utf8JsonWriter json, ApiOperation operation, SchemaWriter schema)
    {
        json.WriteStartObject("content");
        foreach (var type in operation.Method == "patch" ? PatchTypes : ["application/json"])
        {
            WriteSchema(json, type, operation.Body, schema);
        }
        json.WriteEndObject();
    }

    private static void WriteSchema(Utf8JsonWriter json, string mediaType, ApiType? type, SchemaWriter schema)
    {
        json.WriteStartObject(mediaType);
        schema.WriteSchema(type);
        json.WriteEndObject();
    }

    private static void WriteParameter(Utf8JsonWriter json, string name, string place)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("in", place);
        if (place == "path")
        {
            json.WriteBoolean("required", true);
        }
        json.WriteStartObject("schema");
        json.WriteString("type", Documents.TypeOfParameter(name));
        json.WriteBoolean("uniqueItems", true);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
