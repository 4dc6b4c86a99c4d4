using System.Text.Json;
using Dataplane.ApiMachinery.Schemas;

namespace Dataplane.ApiMachinery.OpenApi;

/// <summary>Writes types as JSON schemas, in the dialect of a version of OpenAPI (2 or 3).</summary>
internal sealed class SchemaWriter(Utf8JsonWriter json, int version)
{
    private const string Quantity = "io.k8s.apimachinery.pkg.api.resource.Quantity";
    private const string IntOrString = "io.k8s.apimachinery.pkg.util.intstr.IntOrString";
    private const string Time = SchemaSet.Meta + ".Time";

    private readonly string _prefix = version == 2 ? "#/definitions/" : "#/components/schemas/";

    public void WriteAll(ServedTypes types)
    {
        foreach (var (name, type) in types.All)
        {
            json.WriteStartObject(name);
            WriteType(type);
            if (types.KindOf(type) is { } kind)
            {
                json.WriteStartArray("x-kubernetes-group-version-kind");
                WriteKind(kind);
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        WriteScalars();
    }

    public void WriteKind(GroupVersionKind kind)
    {
        json.WriteStartObject();
        json.WriteString("group", kind.Group);
        json.WriteString("kind", kind.Kind);
        json.WriteString("version", kind.Version);
        json.WriteEndObject();
    }

    public void WriteReference(string name) => json.WriteString("$ref", _prefix + name);

    /// <summary>The field <c>schema</c> of a body or an answer.</summary>
    /// <param name="type">Null: any mapping.</param>
    public void WriteSchema(ApiType? type)
    {
        json.WriteStartObject("schema");
        if (type is null)
        {
            json.WriteString("type", "object");
        }
        else
        {
            WriteReference(type.Name);
        }
        json.WriteEndObject();
    }

    /// <summary>What fields refer to although it has none: amounts, ports by number or name, and times.</summary>
    private void WriteScalars()
    {
        json.WriteStartObject(Quantity);
        WriteEither("string", "number", null);
        json.WriteEndObject();
        json.WriteStartObject(IntOrString);
        WriteEither("integer", "string", "int-or-string");
        json.WriteEndObject();
        json.WriteStartObject(Time);
        json.WriteString("type", "string");
        json.WriteString("format", "date-time");
        json.WriteEndObject();
    }

    /// <summary>Version 2 cannot say it and calls it a string.</summary>
    private void WriteEither(string one, string other, string? format)
    {
        if (format is not null)
        {
            json.WriteString("format", format);
        }
        if (version == 2)
        {
            json.WriteString("type", "string");
            return;
        }
        json.WriteStartArray("oneOf");
        foreach (var type in (string[])[one, other])
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void WriteType(ApiType type)
    {
        json.WriteString("type", "object");
        WriteDescription(type.Description);
        if (type.IsAtomic)
        {
            json.WriteString("x-kubernetes-map-type", "atomic");
        }
        if (type.KeepsUnknown)
        {
            json.WriteBoolean("x-kubernetes-preserve-unknown-fields", true);
        }
        if (type.Fields.Any(f => f.IsRequired))
        {
            WriteNames("required", type.Fields.Where(f => f.IsRequired).Select(f => f.Name));
        }
        if (type.Fields.Count > 0)
        {
            json.WriteStartObject("properties");
            foreach (var field in type.Fields)
            {
                json.WriteStartObject(field.Name);
                WriteField(field);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
    }

    private void WriteField(ApiField field)
    {
        WriteRules(field);
        if (field.Count == ValueCount.One)
        {
            WriteValue(field, hasSiblings: field.Description.Length > 0 || field.IsRetainKeys
                || field.IsPatchReplaced || IsAtomicItself(field));
            WriteDescription(field.Description);
            return;
        }
        WriteDescription(field.Description);
        json.WriteString("type", field.Count == ValueCount.List ? "array" : "object");
        json.WriteStartObject(field.Count == ValueCount.List ? "items" : "additionalProperties");
        WriteValue(field, hasSiblings: false);
        json.WriteEndObject();
    }

    /// <param name="hasSiblings">Beside a reference nothing else may stand in version 3, so that it is wrapped.</param>
    private void WriteValue(ApiField field, bool hasSiblings)
    {
        var type = field.Type?.Invoke();
        if (type is { Name: "" })
        {
            WriteType(field.Description.Length > 0 ? Undescribed(type) : type);
            return;
        }
        var reference = type?.Name ?? field.Shape switch
        {
            ValueShape.Quantity => Quantity,
            ValueShape.IntegerOrText => IntOrString,
            ValueShape.Time => Time,
            _ => null,
        };
        if (reference is null)
        {
            WriteScalar(field);
        }
        else if (version == 3 && hasSiblings)
        {
            json.WriteStartArray("allOf");
            json.WriteStartObject();
            WriteReference(reference);
            json.WriteEndObject();
            json.WriteEndArray();
        }
        else
        {
            WriteReference(reference);
        }
    }

    private void WriteScalar(ApiField field)
    {
        var name = field.Shape switch
        {
            ValueShape.Integer => "integer",
            ValueShape.Number => "number",
            ValueShape.Boolean => "boolean",
            ValueShape.AnyObject => "object",
            ValueShape.Any => null,
            _ => "string",
        };
        if (name is not null)
        {
            json.WriteString("type", name);
        }
        if (field.Format.Length > 0)
        {
            json.WriteString("format", field.Format);
        }
        if (field.Default is { } value && version == 3 && field.Count == ValueCount.One)
        {
            json.WritePropertyName("default");
            value.WriteTo(json);
        }
    }

    private void WriteRules(ApiField field)
    {
        if (field.Count == ValueCount.List)
        {
            var isTyped = field.Merge != ListMerge.Atomic;
            json.WriteString("x-kubernetes-list-type", isTyped ? field.Merge.ToString().ToLowerInvariant() : "atomic");
            if (field.Keys.Count > 0)
            {
                WriteNames("x-kubernetes-list-map-keys", field.Keys);
            }
        }
        if (IsAtomicItself(field))
        {
            json.WriteString("x-kubernetes-map-type", "atomic");
        }
        string?[] strategies =
        [
            field.IsPatchMerged ? "merge" : null, field.IsPatchReplaced ? "replace" : null,
            field.IsRetainKeys ? "retainKeys" : null,
        ];
        if (Array.Exists(strategies, s => s is not null))
        {
            json.WriteString("x-kubernetes-patch-strategy", string.Join(',', strategies.OfType<string>()));
        }
        if (field.PatchKey is not null)
        {
            json.WriteString("x-kubernetes-patch-merge-key", field.PatchKey);
        }
    }

    private void WriteDescription(string sentence)
    {
        if (sentence.Length > 0)
        {
            json.WriteString("description", sentence);
        }
    }

    private void WriteNames(string property, IEnumerable<string> names)
    {
        json.WriteStartArray(property);
        foreach (var name in names)
        {
            json.WriteStringValue(name);
        }
        json.WriteEndArray();
    }

    /// <summary>Not because of its type, which says so where it stands.</summary>
    private static bool IsAtomicItself(ApiField field) =>
        field.IsAtomic && field.Count != ValueCount.List && field.Type?.Invoke().IsAtomic != true;

    private static ApiType Undescribed(ApiType type) => new(type.Name, type.Fields)
    {
        KeepsUnknown = type.KeepsUnknown, IsAtomic = type.IsAtomic,
    };
}
