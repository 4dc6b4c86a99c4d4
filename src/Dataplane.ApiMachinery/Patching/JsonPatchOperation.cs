using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Statuses;

namespace Dataplane.ApiMachinery.Patching;

/// <summary>One operation of a JSON patch.</summary>
internal sealed class JsonPatchOperation
{
    private readonly string _name, _text;
    private readonly JsonPointer _path;
    private readonly JsonPointer? _from;
    private readonly JsonNode? _value;

    private JsonPatchOperation(string name, string text, JsonPointer? from, JsonNode? value)
    {
        _name = name;
        _text = text;
        _path = JsonPointer.Parse(text);
        _from = from;
        _value = value;
    }

    /// <exception cref="StatusException">It is malformed (400).</exception>
    public static JsonPatchOperation Parse(JsonNode? node)
    {
        if (node is not JsonObject operation)
        {
            throw StatusException.BadRequest("each operation of a JSON patch must be a JSON object");
        }
        var name = Text(operation, "op");
        var path = Text(operation, "path");
        switch (name)
        {
            case "remove":
                return new JsonPatchOperation(name, path, null, null);
            case "move" or "copy":
                return new JsonPatchOperation(name, path, JsonPointer.Parse(Text(operation, "from")), null);
            case "add" or "replace" or "test":
                // A test without a value is one for null, as upstream reads it.
                if (!operation.TryGetPropertyValue("value", out var value) && name != "test")
                {
                    throw StatusException.BadRequest($"a JSON patch's \"{name}\" of \"{path}\" needs a value");
                }
                return new JsonPatchOperation(name, path, null, value);
            default:
                throw StatusException.BadRequest($"a JSON patch has no operation \"{name}\": "
                    + "use add, remove, replace, move, copy or test");
        }
    }

    /// <summary>Returns the document, which may be another one afterwards.</summary>
    /// <param name="budget">How many bytes may still be copied or moved.</param>
    public JsonNode? Apply(JsonNode? document, ref int budget)
    {
        switch (_name)
        {
            case "add":
                return _path.Add(document, Fitting(_value?.DeepClone()));
            case "replace":
                return _path.Replace(document, Fitting(_value?.DeepClone()));
            case "remove":
                _path.Remove(document);
                return document;
            case "copy":
                return _path.Add(document, Taken(document, ref budget));
            case "move":
                var value = Taken(document, ref budget);
                // A place inside the value is none any more, so it cannot be moved into itself.
                _from!.Remove(document);
                return _path.Add(document, value);
            default:
                Test(document);
                return document;
        }
    }

    private JsonNode? Taken(JsonNode? document, ref int budget)
    {
        var value = _from!.Get(document);
        budget -= value is null ? 4 : Encoding.UTF8.GetByteCount(value.ToJsonString());
        if (budget < 0)
        {
            throw new StatusException(StatusReason.RequestEntityTooLarge, "The allowed maximum size of what a JSON "
                + $"patch copies and moves is {JsonPatch.CopiedBytes} bytes: change the object in several requests");
        }
        return Fitting(value?.DeepClone());
    }

    private JsonNode? Fitting(JsonNode? value)
    {
        if (!IsWithin(value, JsonPatch.Depth - _path.Depth))
        {
            throw new StatusException(StatusReason.RequestEntityTooLarge,
                $"A JSON patch may make an object of at most {JsonPatch.Depth} levels");
        }
        return value;
    }

    private static bool IsWithin(JsonNode? value, int levels) => levels > 0 && value switch
    {
        JsonObject mapping => mapping.All(p => IsWithin(p.Value, levels - 1)),
        JsonArray list => list.All(i => IsWithin(i, levels - 1)),
        _ => true,
    };

    /// <summary>What is not there equals null, as upstream compares.</summary>
    private void Test(JsonNode? document)
    {
        JsonNode? found;
        try
        {
            found = _path.Get(document);
        }
        catch (StatusException) when (_value is null)
        {
            return;
        }
        if (!JsonNode.DeepEquals(found, _value))
        {
            throw JsonPatch.Rejected(_text, "the test fails: the object has another value there");
        }
    }

    private static string Text(JsonObject operation, string key) =>
        operation[key] is JsonValue value && value.GetValueKind() == JsonValueKind.String
            ? value.GetValue<string>()
            : throw StatusException.BadRequest($"an operation of a JSON patch needs the text \"{key}\"");
}
