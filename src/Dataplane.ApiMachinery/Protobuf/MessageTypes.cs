using System.Globalization;
using System.Reflection;

namespace Dataplane.ApiMachinery.Protobuf;

/// <summary>
/// The messages of the API as the program embeds them. A line is <c>package NAME APIVERSION</c>, a message (in the
/// package of the line before it) with the words <c>kind</c> and its form, or a field of that message behind a space:
/// number, name in JSON, type, and <c>!</c> for one that is kept. Immutable, and read when it is first needed.
/// </summary>
internal sealed class MessageTypes
{
    private static readonly Lazy<MessageTypes> Read = new(() => new MessageTypes());

    private readonly Dictionary<string, MessageType> _types = [];
    private readonly Dictionary<(string ApiVersion, string Kind), MessageType> _kinds = [];

    private MessageTypes()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("messages.txt")!;
        using var reader = new StreamReader(stream);
        string package = "", version = "";
        MessageType? type = null;
        while (reader.ReadLine() is { } line)
        {
            var words = line.Split(' ');
            switch (words[0])
            {
                case "#":
                    break;
                case "package":
                    (package, version) = (words[1], words.ElementAtOrDefault(2) ?? "");
                    break;
                case "":
                    type!.Fields.Add(FieldOf(words, package));
                    break;
                default:
                    type = new MessageType($"{package}.{words[0]}", FormOf(words[^1]));
                    _types.Add(type.Name, type);
                    if (words.Contains("kind"))
                    {
                        _kinds.Add((version, words[0]), type);
                    }
                    break;
            }
        }
    }

    public static MessageTypes Embedded => Read.Value;

    /// <summary>The message of a kind; null: it has none here.</summary>
    public MessageType? OfKind(string apiVersion, string kind) => _kinds.GetValueOrDefault((apiVersion, kind))
        // Options and answers are kinds of every group.
        ?? _kinds.GetValueOrDefault(("", kind));

    /// <summary>The message of a field that is one.</summary>
    public MessageType Of(MessageField field) => _types[field.Type];

    private static MessageField FieldOf(string[] words, string package)
    {
        var isKept = words[3].EndsWith('!');
        var type = isKept ? words[3][..^1] : words[3];
        var count = type[..2] switch
        {
            "[]" => FieldCount.List,
            "{}" => FieldCount.Map,
            _ => FieldCount.One,
        };
        if (count != FieldCount.One)
        {
            type = type[2..];
        }
        return new MessageField(int.Parse(words[1], CultureInfo.InvariantCulture), words[2], count,
            char.IsUpper(type[0]) ? $"{package}.{type}" : type, isKept);
    }

    private static MessageForm FormOf(string word) => word switch
    {
        "value" => MessageForm.Value,
        "time" => MessageForm.Time,
        "micro-time" => MessageForm.MicroTime,
        "integer-or-string" => MessageForm.IntOrString,
        _ => MessageForm.Object,
    };
}
