using System.Text.Json;

namespace Dataplane.Api.Networks;

/// <summary>A JSON value with its place.</summary>
public sealed class ConfigValue
{
    /// <summary>Of nested values: System.Text.Json's own limit.</summary>
    private const int MaxDepth = 64;

    private readonly ConfigText _text;
    private readonly int _start, _end;
    private readonly List<ConfigMember> _members = [];
    private readonly List<ConfigValue> _items = [];

    private ConfigValue(ConfigText text, ref Utf8JsonReader reader, string path)
    {
        (_text, Kind, Path, _start) = (text, reader.TokenType, path, (int)reader.TokenStartIndex);
        if (Kind == JsonTokenType.StartObject) ReadMembers(ref reader);
        else if (Kind == JsonTokenType.StartArray) ReadItems(ref reader);
        else if (Kind is JsonTokenType.String) String = reader.GetString();
        _end = (int)reader.BytesConsumed;
    }

    /// <summary>Of an array or an object, its first token.</summary>
    public JsonTokenType Kind { get; }

    /// <summary>Such as <c>dataplane.labels.app</c>; empty for the whole.</summary>
    public string Path { get; }

    public (int Line, int Column) Place => _text.PlaceOf(_start);

    /// <summary>As it stands in the text.</summary>
    public ReadOnlySpan<byte> Raw => _text.Utf8.Span[_start.._end];

    /// <summary>Null: it is no string.</summary>
    public string? String { get; }

    /// <summary>Of an object; else empty.</summary>
    public IReadOnlyList<ConfigMember> Members => _members;

    /// <summary>Of an array; else empty.</summary>
    public IReadOnlyList<ConfigValue> Items => _items;

    /// <summary>The member of an object with this name; null: there is none, or it is null.</summary>
    public ConfigValue? this[string name] =>
        _members.FindLast(m => m.Name == name)?.Value is { Kind: not JsonTokenType.Null } value ? value : null;

    /// <exception cref="ConfigException">It is no JSON.</exception>
    public static ConfigValue Parse(ConfigText text)
    {
        var reader = new Utf8JsonReader(text.Utf8.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            reader.Read();
            var value = new ConfigValue(text, ref reader, "");
            // Only blanks may follow.
            reader.Read();
            return value;
        }
        catch (JsonException e)
        {
            var lines = text.Utf8.Span;
            var offset = 0;
            for (var line = e.LineNumber ?? 0; line > 0; line--) offset += lines[offset..].IndexOf((byte)'\n') + 1;
            var (at, column) = text.PlaceOf(offset + (int)(e.BytePositionInLine ?? 0));
            // The message ends with places that count from 0.
            throw new ConfigException(
                [new ConfigProblem("", at, column, $"no valid JSON: {e.Message.Split(" LineNumber:")[0]}")]);
        }
    }

    private void ReadMembers(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var (name, at) = (reader.GetString()!, (int)reader.TokenStartIndex);
            reader.Read();
            var path = Path.Length == 0 ? name : $"{Path}.{name}";
            _members.Add(new ConfigMember(name, _text.PlaceOf(at), new ConfigValue(_text, ref reader, path)));
        }
    }

    private void ReadItems(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            _items.Add(new ConfigValue(_text, ref reader, $"{Path}[{_items.Count}]"));
    }
}

/// <summary>A member of an object, and where its name stands.</summary>
public sealed record ConfigMember(string Name, (int Line, int Column) Place, ConfigValue Value);
