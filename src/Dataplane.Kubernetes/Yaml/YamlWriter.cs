using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Dataplane.Kubernetes.Yaml;

/// <summary>JSON as YAML in blocks, which reads back as the same.</summary>
public static partial class YamlWriter
{
    private static readonly JsonSerializerOptions Quoted = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(JsonObject obj)
    {
        var text = new StringBuilder();
        if (obj.Count == 0)
        {
            return "{}\n";
        }
        Mapping(text, obj, 0, startsLine: true);
        return text.ToString();
    }

    /// <param name="startsLine">False: the first key stands behind the <c>- </c> of an item.</param>
    private static void Mapping(StringBuilder text, JsonObject mapping, int indent, bool startsLine)
    {
        foreach (var (key, value) in mapping)
        {
            if (startsLine)
            {
                text.Append(' ', indent);
            }
            startsLine = true;
            text.Append(Word(key)).Append(':');
            Value(text, value, indent);
        }
    }

    private static void Value(StringBuilder text, JsonNode? value, int indent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } mapping:
                Mapping(text.Append('\n'), mapping, indent + 2, startsLine: true);
                break;
            case JsonArray { Count: > 0 } items:
                text.Append('\n');
                foreach (var item in items)
                {
                    text.Append(' ', indent).Append('-');
                    Item(text, item, indent);
                }
                break;
            default:
                text.Append(' ').Append(Scalar(value)).Append('\n');
                break;
        }
    }

    private static void Item(StringBuilder text, JsonNode? item, int indent)
    {
        if (item is JsonObject { Count: > 0 } mapping)
        {
            Mapping(text.Append(' '), mapping, indent + 2, startsLine: false);
        }
        else
        {
            Value(text, item, indent + 2);
        }
    }

    private static string Scalar(JsonNode? value) => value switch
    {
        null => "null",
        JsonObject => "{}",
        JsonArray => "[]",
        _ when value.GetValueKind() == JsonValueKind.String => Word(value.GetValue<string>()),
        _ => value.ToJsonString(),
    };

    /// <summary>A string without quotes where it stays that string: a string of JSON is one of YAML.</summary>
    private static string Word(string text) =>
        PlainText().IsMatch(text) && PlainScalar.KindOf(text) == ScalarKind.String ? text
            : Escaped(JsonSerializer.Serialize(text, Quoted));

    /// <summary>Line ends of YAML, and marks that it does not take, which JSON leaves as they are.</summary>
    private static string Escaped(string quoted) => Special().Replace(quoted, m => $"\\u{(int)m.Value[0]:x4}");

    [GeneratedRegex(@"^[A-Za-z0-9/_.]([A-Za-z0-9/_.@+=-]|:(?=[A-Za-z0-9/]))*\z")]
    private static partial Regex PlainText();

    [GeneratedRegex("[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]")]
    private static partial Regex Special();
}
