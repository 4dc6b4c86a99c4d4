using System.Globalization;
using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Statuses;

namespace Dataplane.ApiMachinery.Patching;

/// <summary>
/// A place in a document (RFC 6901): <c>/spec/ports/0</c>; in tokens <c>~1</c> is a slash and <c>~0</c> a tilde.
/// </summary>
internal sealed class JsonPointer
{
    private readonly string _text;
    private readonly string[] _tokens;

    private JsonPointer(string text, string[] tokens)
    {
        _text = text;
        _tokens = tokens;
    }

    /// <summary>The number of steps from the document.</summary>
    public int Depth => _tokens.Length;

    /// <exception cref="StatusException">It does not begin with a slash (400).</exception>
    public static JsonPointer Parse(string text)
    {
        if (text.Length == 0)
        {
            return new JsonPointer(text, []);
        }
        if (text[0] != '/')
        {
            throw StatusException.BadRequest($"the path \"{text}\" of a JSON patch must begin with a slash");
        }
        return new JsonPointer(text,
            [.. text[1..].Split('/').Select(t => t.Replace("~1", "/").Replace("~0", "~"))]);
    }

    public JsonNode? Get(JsonNode? root)
    {
        var node = root;
        foreach (var token in _tokens)
        {
            node = Step(node, token);
        }
        return node;
    }

    /// <summary>Puts a value there: beside what a list holds, in place of what a mapping holds.</summary>
    /// <returns>The document.</returns>
    public JsonNode? Add(JsonNode? root, JsonNode? value)
    {
        if (_tokens.Length == 0)
        {
            return value;
        }
        switch (Parent(root))
        {
            case JsonObject mapping:
                mapping[_tokens[^1]] = value;
                return root;
            case JsonArray list:
                list.Insert(_tokens[^1] == "-" ? list.Count : Index(_tokens[^1], list.Count), value);
                return root;
            default:
                throw NotThere();
        }
    }

    /// <summary>Puts a value in place of the one that is there.</summary>
    /// <returns>The document.</returns>
    public JsonNode? Replace(JsonNode? root, JsonNode? value)
    {
        if (_tokens.Length == 0)
        {
            return value;
        }
        switch (Parent(root))
        {
            case JsonObject mapping when mapping.ContainsKey(_tokens[^1]):
                mapping[_tokens[^1]] = value;
                return root;
            case JsonArray list:
                list[Index(_tokens[^1], list.Count - 1)] = value;
                return root;
            default:
                throw NotThere();
        }
    }

    public void Remove(JsonNode? root)
    {
        switch (_tokens.Length == 0 ? null : Parent(root))
        {
            case JsonObject mapping when mapping.Remove(_tokens[^1]):
                return;
            case JsonArray list:
                list.RemoveAt(Index(_tokens[^1], list.Count - 1));
                return;
            default:
                throw NotThere();
        }
    }

    private JsonNode? Parent(JsonNode? root)
    {
        var node = root;
        foreach (var token in _tokens.AsSpan(0, _tokens.Length - 1))
        {
            node = Step(node, token);
        }
        return node;
    }

    private JsonNode? Step(JsonNode? node, string token) => node switch
    {
        JsonObject mapping when mapping.TryGetPropertyValue(token, out var value) => value,
        JsonArray list => list[Index(token, list.Count - 1)],
        _ => throw NotThere(),
    };

    private int Index(string token, int last)
    {
        var isNumber = int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && (token.Length == 1 || token[0] != '0');
        return isNumber && index <= last ? index : throw NotThere();
    }

    private StatusException NotThere() => JsonPatch.Rejected(_text, "there is no such place in the object");
}
