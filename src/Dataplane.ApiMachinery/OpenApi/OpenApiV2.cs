using System.Text.Json;
using Dataplane.ApiMachinery.Resources;
using Dataplane.ApiMachinery.Schemas;

namespace Dataplane.ApiMachinery.OpenApi;

/// <summary>The one document of <c>/openapi/v2</c>, which kubectl before 1.27 asks for.</summary>
public static class OpenApiV2
{
    private static readonly string[] PatchTypes =
    [
        "application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json",
        "application/apply-patch+yaml",
    ];

    public static byte[] Json(IReadOnlyList<ApiResource> resources, SchemaSet schemas) => Documents.Write(json =>
    {
        var types = new ServedTypes(schemas);
        var paths = new ApiPaths(types);
        json.WriteString("swagger", "2.0");
        Documents.WriteInfo(json);
        json.WriteStartObject("paths");
        var schema = new SchemaWriter(json, 2);
        foreach (var path in resources.SelectMany(paths.Of))
        {
            WritePath(json, path, schema);
        }
        json.WriteEndObject();
        json.WriteStartObject("definitions");
        schema.WriteAll(types);
        json.WriteEndObject();
    });

    /// <summary>The same as <see cref="Json"/>, in the protobuf messages of github.com/google/gnostic.</summary>
    public static byte[] Protobuf(IReadOnlyList<ApiResource> resources, SchemaSet schemas)
    {
        using var document = JsonDocument.Parse(Json(resources, schemas));
        return GnosticMessages.Document(document.RootElement);
    }

    private static void WritePath(Utf8JsonWriter json, ApiPath path, SchemaWriter schema)
    {
        json.WriteStartObject(path.Path);
        foreach (var operation in path.Operations)
        {
            json.WriteStartObject(operation.Method);
            json.WriteString("operationId", operation.Id);
            json.WriteStartArray("consumes");
            foreach (var type in operation.Method == "patch" ? PatchTypes : ["*/*"])
            {
                json.WriteStringValue(type);
            }
            json.WriteEndArray();
            json.WriteStartArray("produces");
            json.WriteStringValue("application/json");
            json.WriteEndArray();
            json.WriteStartArray("parameters");
            if (operation.Body is not null || operation.Method == "patch")
            {
                WriteBody(json, operation.Body, schema);
            }
            foreach (var name in operation.Query)
            {
                WriteParameter(json, name, "query");
            }
            json.WriteEndArray();
            json.WriteStartObject("responses");
            json.WriteStartObject("200");
            json.WriteString("description", "OK");
            if (operation.Answer is { } answer)
            {
                schema.WriteSchema(answer);
            }
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteString("x-kubernetes-action", operation.Action);
            json.WritePropertyName("x-kubernetes-group-version-kind");
            schema.WriteKind(operation.Kind);
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

    private static void WriteBody(Utf8JsonWriter json, ApiType? type, SchemaWriter schema)
    {
        json.WriteStartObject();
        json.WriteString("name", "body");
        json.WriteString("in", "body");
        json.WriteBoolean("required", true);
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
        json.WriteString("type", Documents.TypeOfParameter(name));
        json.WriteBoolean("uniqueItems", true);
        json.WriteEndObject();
    }
}
