using System.Text;
using System.Text.Json;
using Dataplane.ApiMachinery.OpenApi;
using Dataplane.ApiMachinery.Resources;
using Dataplane.ApiMachinery.Schemas;

namespace Dataplane.ApiMachinery.Tests.OpenApi;

public class OpenApiV2Tests
{
    [Fact]
    public void Every_reference_leads_to_a_definition()
    {
        var document = OpenApiV3Tests.Parse(OpenApiV2.Json(ApiResources.BuiltIn, SchemaSet.BuiltIn));
        var definitions = document["definitions"]!.AsObject();
        Assert.All(OpenApiV3Tests.References(document),
            r => Assert.True(definitions.ContainsKey(r["#/definitions/".Length..]), r));
        Assert.Equal("string", (string)definitions["io.k8s.apimachinery.pkg.util.intstr.IntOrString"]!["type"]!);
    }

    /// <summary>Bytes as protoc's encoding of the messages of OpenAPIv2.proto has them.</summary>
    [Fact]
    public void Messages_are_encoded_as_protobuf()
    {
        using var document = JsonDocument.Parse("""
            {"swagger": "2.0", "info": {"title": "T", "version": "1"},
             "paths": {"/a": {"patch": {"operationId": "i", "produces": [], "consumes": ["c"],
               "parameters": [{"name": "q", "in": "query", "type": "string"}], "responses": {}, "x-e": {"k": 1}}}},
             "definitions": {"d": {"type": "object", "required": ["r"], "properties": {"p": {"$ref": "d"}},
               "additionalProperties": {"type": "array", "items": {"format": "f"}}}}}
            """);
        var operation = Message(5, "i"u8) + Message(7, "c"u8)
            + Message(8, Message(1, Message(2, Message(3, Message(2, "query"u8) + Message(4, "q"u8)
                + Message(6, "string"u8) + "A00101"))))
            + Message(9, "") + Message(13, Message(1, "x-e"u8) + Message(2, Message(2, "{\"k\": 1}"u8)));
        var schema = Message(22, Message(1, "object"u8)) + Message(19, "r"u8)
            + Message(25, Message(1, Message(1, "p"u8) + Message(2, Message(1, "d"u8))))
            + Message(21, Message(1, Message(22, Message(1, "array"u8)) + Message(23, Message(1, Message(2, "f"u8)))));
        Assert.Equal(Message(1, "2.0"u8) + Message(2, Message(1, "T"u8) + Message(2, "1"u8))
            + Message(8, Message(2, Message(1, "/a"u8) + Message(2, Message(8, operation))))
            + Message(9, Message(1, Message(1, "d"u8) + Message(2, schema))),
            Convert.ToHexString(GnosticMessages.Document(document.RootElement)));
    }

    [Fact]
    public void A_long_message_has_its_length_in_several_bytes()
    {
        var writer = new ProtoWriter();
        writer.String(1, new string('a', 300));
        Assert.Equal("0AAC02" + string.Concat(Enumerable.Repeat("61", 300)), Convert.ToHexString(writer.Written));
    }

    [Fact]
    public void The_whole_document_can_be_encoded() =>
        Assert.Contains("x-kubernetes-group-version-kind",
            Encoding.UTF8.GetString(OpenApiV2.Protobuf(ApiResources.BuiltIn, SchemaSet.BuiltIn)));

    private static string Message(int field, ReadOnlySpan<byte> content) =>
        Message(field, Convert.ToHexString(content));

    /// <summary>Fields from 16 on have a tag of two bytes, messages from 128 bytes on a length of two.</summary>
    private static string Message(int field, string hex)
    {
        var tag = field << 3 | 2;
        var first = field < 16 ? $"{tag:X2}" : $"{(tag & 0x7f) | 0x80:X2}{tag >> 7:X2}";
        var length = hex.Length / 2;
        var size = length < 128 ? $"{length:X2}" : $"{(length & 0x7f) | 0x80:X2}{length >> 7:X2}";
        return first + size + hex;
    }
}
