using System.Text.Json.Nodes;

namespace Dataplane.ApiMachinery.Protobuf;

/// <summary>
/// Reads messages into the JSON that their objects are. What it makes is bounded by the bytes times a constant, and
/// its depth by <see cref="MaxDepth"/>. Fields that are not known are passed over.
/// </summary>
internal static class MessageReader
{
    /// <summary>How deep the JSON may be, as that of other bodies.</summary>
    public const int MaxDepth = 64;

    private const int MapKey = 1, MapValue = 2;

    /// <param name="depth">Of the object in the whole.</param>
    /// <exception cref="FormatException">It is no such message.</exception>
    public static JsonNode? Read(ReadOnlySpan<byte> bytes, MessageType type, int depth)
    {
        var into = new JsonObject();
        // What stands in the place of a message adds no level.
        Fill(into, bytes, type, type.Form == MessageForm.Value ? depth - 1 : depth);
        return MessageValues.Of(into, type);
    }

    /// <summary>Adds the fields of a message to an object.</summary>
    /// <inheritdoc cref="Read"/>
    public static void Fill(JsonObject into, ReadOnlySpan<byte> bytes, MessageType type, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new FormatException($"it is deeper than {MaxDepth}");
        }
        var reader = new WireReader(bytes);
        while (!reader.IsAtEnd)
        {
            var (number, wire) = reader.Tag();
            if (type.Find(number) is not { } field)
            {
                reader.Skip(wire);
                continue;
            }
            var isPacked = field.Count == FieldCount.List && field.Wire != WireType.Delimited
                && wire == WireType.Delimited;
            if (!isPacked && wire != (field.Count == FieldCount.Map ? WireType.Delimited : field.Wire))
            {
                throw new FormatException(
                    $"field {number} of {type.Name} ({field.Name}) is of the wire type {(int)wire}");
            }
            if (field.IsInline)
            {
                Fill(into, reader.Delimited(), MessageTypes.Embedded.Of(field), depth);
            }
            else if (field.Count == FieldCount.One)
            {
                One(into, ref reader, field, depth + 1);
            }
            else if (field.Count == FieldCount.Map)
            {
                Entry(MapOf(into, field), reader.Delimited(), field, depth + 2);
            }
            else if (isPacked)
            {
                var items = new WireReader(reader.Delimited());
                while (!items.IsAtEnd)
                {
                    ListOf(into, field).Add(Value(ref items, field, depth + 2));
                }
            }
            else
            {
                ListOf(into, field).Add(Value(ref reader, field, depth + 2));
            }
        }
    }

    /// <summary>A field that is there twice is what it was last; of messages the fields come together.</summary>
    private static void One(JsonObject into, ref WireReader reader, MessageField field, int depth)
    {
        JsonNode? value;
        if (field.IsMessage && MessageTypes.Embedded.Of(field) is { Form: MessageForm.Object } message)
        {
            var inner = into[field.Name] as JsonObject ?? [];
            Fill(inner, reader.Delimited(), message, depth);
            value = inner;
        }
        else
        {
            value = Value(ref reader, field, depth);
        }
        if (!field.IsKept && MessageValues.IsZero(value))
        {
            into.Remove(field.Name);
        }
        else if (value?.Parent is null)
        {
            into[field.Name] = value;
        }
    }

    private static void Entry(JsonObject into, ReadOnlySpan<byte> bytes, MessageField field, int depth)
    {
        var reader = new WireReader(bytes);
        var key = "";
        JsonNode? value = null;
        var hasValue = false;
        while (!reader.IsAtEnd)
        {
            var (number, wire) = reader.Tag();
            if (number == MapKey && wire == WireType.Delimited)
            {
                key = reader.Text();
            }
            else if (number == MapValue && wire == field.Wire)
            {
                (value, hasValue) = (Value(ref reader, field, depth), true);
            }
            else
            {
                throw new FormatException($"an entry of {field.Name} has the field {number} of wire type {(int)wire}");
            }
        }
        into[key] = hasValue ? value : MessageValues.Zero(field);
    }

    private static JsonNode? Value(ref WireReader reader, MessageField field, int depth)
    {
        if (field.IsMessage)
        {
            return Read(reader.Delimited(), MessageTypes.Embedded.Of(field), depth);
        }
        return field.Type switch
        {
            "bool" => reader.Varint() != 0,
            "int32" => MessageValues.Int32(reader.Varint()),
            "int64" => (long)reader.Varint(),
            "double" => MessageValues.Double(reader.Double()),
            "bytes" => Convert.ToBase64String(reader.Delimited()),
            "json" => ProtobufBody.RawJson(reader.Delimited(), depth),
            _ => reader.Text(),
        };
    }

    /// <summary>The list of a field, made when its first item comes.</summary>
    private static JsonArray ListOf(JsonObject into, MessageField field)
    {
        if (into[field.Name] is not JsonArray list)
        {
            into[field.Name] = list = [];
        }
        return list;
    }

    /// <summary>The map of a field, made when its first entry comes.</summary>
    private static JsonObject MapOf(JsonObject into, MessageField field)
    {
        if (into[field.Name] is not JsonObject map)
        {
            into[field.Name] = map = [];
        }
        return map;
    }
}
