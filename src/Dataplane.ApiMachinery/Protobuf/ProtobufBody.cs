using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dataplane.ApiMachinery.Protobuf;

/// <summary>
/// Bodies of requests in protobuf, as Go clients send them: four bytes that say what it is, then the
/// <c>runtime.Unknown</c> message with the kind and the bytes of the object.
/// </summary>
public static class ProtobufBody
{
    public const string MediaType = "application/vnd.kubernetes.protobuf";

    private const int TypeMeta = 1, Raw = 2, ContentEncoding = 3, ContentType = 4;

    private static ReadOnlySpan<byte> Magic => "k8s\0"u8;

    /// <summary>The object that the same request would have in JSON.</summary>
    /// <exception cref="FormatException">It is no such body, or of a kind that has no message here.</exception>
    /// <exception cref="JsonException">JSON inside of it is none.</exception>
    public static JsonObject Read(ReadOnlySpan<byte> body)
    {
        if (!body.StartsWith(Magic))
        {
            throw new FormatException("it does not begin as protobuf of Kubernetes does");
        }
        return Parsed(Unknown(body[Magic.Length..], 1));
    }

    /// <summary>JSON that a message holds as bytes, or a whole object in protobuf in their place.</summary>
    /// <inheritdoc cref="Read"/>
    internal static JsonNode? RawJson(ReadOnlySpan<byte> bytes, int depth)
    {
        if (depth > MessageReader.MaxDepth)
        {
            throw new FormatException($"it is deeper than {MessageReader.MaxDepth}");
        }
        if (bytes.StartsWith(Magic))
        {
            return Unknown(bytes[Magic.Length..], depth);
        }
        return bytes.IsEmpty ? null : JsonNode.Parse(bytes, null, new JsonDocumentOptions
        {
            MaxDepth = MessageReader.MaxDepth - depth + 1, AllowDuplicateProperties = false,
        });
    }

    /// <summary>The same as if it had been read from text: numbers can then be asked for as any type.</summary>
    private static JsonObject Parsed(JsonObject made)
    {
        try
        {
            return (JsonObject)JsonNode.Parse(made.ToJsonString(), null,
                new JsonDocumentOptions { MaxDepth = MessageReader.MaxDepth })!;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw new FormatException("a text of the JSON inside of it is no Unicode");
        }
    }

    private static JsonObject Unknown(ReadOnlySpan<byte> bytes, int depth)
    {
        var (apiVersion, kind) = ("", "");
        ReadOnlySpan<byte> raw = default;
        var reader = new WireReader(bytes);
        while (!reader.IsAtEnd)
        {
            var (field, wire) = reader.Tag();
            if (field is < TypeMeta or > ContentType)
            {
                reader.Skip(wire);
                continue;
            }
            if (wire != WireType.Delimited)
            {
                throw new FormatException($"field {field} of its head is of the wire type {(int)wire}");
            }
            if (field == TypeMeta)
            {
                (apiVersion, kind) = KindOf(reader.Delimited());
            }
            else if (field == Raw)
            {
                raw = reader.Delimited();
            }
            else if (reader.Text() is { Length: > 0 } said && !(field == ContentType && said == MediaType))
            {
                throw new FormatException($"the object inside is not protobuf but {said}: send it as it is");
            }
        }
        if (MessageTypes.Embedded.OfKind(apiVersion, kind) is not { } type)
        {
            throw new FormatException($"no kind \"{kind}\" of version \"{apiVersion}\" has protobuf here: send JSON");
        }
        var into = new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = kind };
        MessageReader.Fill(into, raw, type, depth);
        return into;
    }

    private static (string ApiVersion, string Kind) KindOf(ReadOnlySpan<byte> bytes)
    {
        const int Version = 1, Kind = 2;
        var (version, kind) = ("", "");
        var reader = new WireReader(bytes);
        while (!reader.IsAtEnd)
        {
            switch (reader.Tag())
            {
                case (Version, WireType.Delimited):
                    version = reader.Text();
                    break;
                case (Kind, WireType.Delimited):
                    kind = reader.Text();
                    break;
                case var (_, wire):
                    reader.Skip(wire);
                    break;
            }
        }
        return (version, kind);
    }
}
