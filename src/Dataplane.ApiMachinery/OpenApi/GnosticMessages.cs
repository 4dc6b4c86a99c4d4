using System.Text.Json;

namespace Dataplane.ApiMachinery.OpenApi;

/// <summary>
/// A document of OpenAPI 2 as the protobuf messages of openapiv2/OpenAPIv2.proto (github.com/google/gnostic), field
/// numbers as there. What our documents do not have is left out.
/// </summary>
internal static class GnosticMessages
{
    public static byte[] Document(JsonElement json)
    {
        var document = new ProtoWriter();
        document.String(1, json.GetProperty("swagger").GetString()!);
        document.Message(2, info =>
        {
            info.String(1, json.GetProperty("info").GetProperty("title").GetString()!);
            info.String(2, json.GetProperty("info").GetProperty("version").GetString()!);
        });
        document.Message(8, paths => Named(paths, 2, json.GetProperty("paths"), PathItem));
        document.Message(9, definitions => Named(definitions, 1, json.GetProperty("definitions"), Schema));
        return document.Written.ToArray();
    }

    private static void PathItem(ProtoWriter message, JsonElement json)
    {
        foreach (var property in json.EnumerateObject())
        {
            if (property.Name == "parameters")
            {
                Parameters(message, 9, property.Value);
                continue;
            }
            var field = property.Name switch { "get" => 2, "put" => 3, "post" => 4, "delete" => 5, _ => 8 };
            message.Message(field, operation => Operation(operation, property.Value));
        }
    }

    private static void Operation(ProtoWriter message, JsonElement json)
    {
        message.String(5, json.GetProperty("operationId").GetString()!);
        Strings(message, 6, json.GetProperty("produces"));
        Strings(message, 7, json.GetProperty("consumes"));
        Parameters(message, 8, json.GetProperty("parameters"));
        message.Message(9, responses => Named(responses, 1, json.GetProperty("responses"),
            (value, response) => value.Message(1, r => Response(r, response))));
        Extensions(message, 13, json);
    }

    private static void Response(ProtoWriter message, JsonElement json)
    {
        message.String(1, json.GetProperty("description").GetString()!);
        if (json.TryGetProperty("schema", out var schema))
        {
            message.Message(2, item => item.Message(1, s => Schema(s, schema)));
        }
    }

    /// <summary>
    /// A ParametersItem holds a Parameter, and that a body, or a NonBodyParameter with one of its place.
    /// </summary>
    private static void Parameters(ProtoWriter message, int field, JsonElement list)
    {
        foreach (var json in list.EnumerateArray())
        {
            message.Message(field, item => item.Message(1, parameter =>
            {
                switch (json.GetProperty("in").GetString())
                {
                    case "body":
                        parameter.Message(1, body => Body(body, json));
                        break;
                    case "query":
                        parameter.Message(2, other => other.Message(3, query => Simple(query, json, 6, 20)));
                        break;
                    default:
                        parameter.Message(2, other => other.Message(4, path => Simple(path, json, 5, 19)));
                        break;
                }
            }));
        }
    }

    private static void Body(ProtoWriter message, JsonElement json)
    {
        message.String(2, json.GetProperty("name").GetString()!);
        message.String(3, "body");
        message.Boolean(4, true);
        message.Message(5, schema => Schema(schema, json.GetProperty("schema")));
    }

    private static void Simple(ProtoWriter message, JsonElement json, int type, int unique)
    {
        if (json.TryGetProperty("required", out _))
        {
            message.Boolean(1, true);
        }
        message.String(2, json.GetProperty("in").GetString()!);
        message.String(4, json.GetProperty("name").GetString()!);
        message.String(type, json.GetProperty("type").GetString()!);
        message.Boolean(unique, true);
    }

    private static void Schema(ProtoWriter message, JsonElement json)
    {
        foreach (var property in json.EnumerateObject())
        {
            var value = property.Value;
            switch (property.Name)
            {
                case "$ref":
                    message.String(1, value.GetString()!);
                    break;
                case "format":
                    message.String(2, value.GetString()!);
                    break;
                case "description":
                    message.String(4, value.GetString()!);
                    break;
                case "required":
                    Strings(message, 19, value);
                    break;
                case "additionalProperties":
                    message.Message(21, item => item.Message(1, schema => Schema(schema, value)));
                    break;
                case "type":
                    message.Message(22, item => item.String(1, value.GetString()!));
                    break;
                case "items":
                    message.Message(23, item => item.Message(1, schema => Schema(schema, value)));
                    break;
                case "properties":
                    message.Message(25, properties => Named(properties, 1, value, Schema));
                    break;
            }
        }
        Extensions(message, 31, json);
    }

    /// <summary>Their values are YAML, which JSON is too.</summary>
    private static void Extensions(ProtoWriter message, int field, JsonElement json)
    {
        foreach (var property in json.EnumerateObject().Where(p => p.Name.StartsWith("x-", StringComparison.Ordinal)))
        {
            message.Message(field, extension =>
            {
                extension.String(1, property.Name);
                extension.Message(2, any => any.String(2, property.Value.GetRawText()));
            });
        }
    }

    private static void Named(ProtoWriter message, int field, JsonElement map, Action<ProtoWriter, JsonElement> write)
    {
        foreach (var property in map.EnumerateObject())
        {
            message.Message(field, entry =>
            {
                entry.String(1, property.Name);
                entry.Message(2, value => write(value, property.Value));
            });
        }
    }

    private static void Strings(ProtoWriter message, int field, JsonElement list)
    {
        foreach (var text in list.EnumerateArray())
        {
            message.String(field, text.GetString()!);
        }
    }
}
