using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Statuses;
using Dataplane.Kubernetes.Validation;

namespace Dataplane.ApiMachinery.Selection;

/// <summary>
/// The <c>labelSelector</c> of a request, as <c>kubectl -l</c> sends it: <c>a=b,c!=d,e in (x,y),!f,g,h&gt;1</c>. All of
/// its requirements must hold. Immutable.
/// </summary>
public sealed class LabelSelectorText
{
    private readonly IReadOnlyList<LabelRequirement> _requirements;

    private LabelSelectorText(IReadOnlyList<LabelRequirement> requirements) => _requirements = requirements;

    /// <summary>Nothing is asked: every object matches.</summary>
    public bool IsEmpty => _requirements.Count == 0;

    /// <param name="text">Null or empty: every object.</param>
    /// <exception cref="StatusException">It is no selector (400).</exception>
    public static LabelSelectorText Parse(string? text)
    {
        var words = new LabelSelectorWords(text ?? "");
        var requirements = new List<LabelRequirement>();
        while (!words.IsAtEnd)
        {
            if (!words.IsWord && words.Peek != "!")
            {
                throw Unreadable(requirements.Count == 0
                    ? $"found '{words.Peek}', expected: !, identifier, or 'end of string'"
                    : $"found '{words.Peek}', expected: identifier after ','");
            }
            requirements.Add(Requirement(words));
            if (words.IsAtEnd)
            {
                break;
            }
            if (words.Take() is not "," and var other)
            {
                throw Unreadable($"found '{other}', expected: ',' or 'end of string'");
            }
            if (words.IsAtEnd)
            {
                throw Unreadable("found '', expected: identifier after ','");
            }
        }
        return new LabelSelectorText(requirements);
    }

    public bool Matches(JsonObject obj)
    {
        var labels = (obj["metadata"] as JsonObject)?["labels"] as JsonObject;
        return _requirements.All(r => r.Matches(
            labels?[r.Key] is JsonValue value && value.TryGetValue(out string? text) ? text : null));
    }

    private static LabelRequirement Requirement(LabelSelectorWords words)
    {
        var isAbsent = words.Peek == "!";
        if (isAbsent)
        {
            words.Take();
        }
        if (!words.IsWord)
        {
            throw Unreadable($"unable to parse requirement: found '{words.Peek}', expected: identifier");
        }
        var key = words.Take();
        if (Names.QualifiedName(key) is { } wrong)
        {
            throw Unreadable($"unable to parse requirement: <nil>: Invalid value: \"{key}\": {wrong}");
        }
        if (words.IsAtEnd || words.Peek == ",")
        {
            return new LabelRequirement(key, isAbsent ? LabelOperator.DoesNotExist : LabelOperator.Exists, []);
        }
        var name = words.Take();
        var (operation, isList) = name switch
        {
            "in" => (LabelOperator.In, true),
            "notin" => (LabelOperator.NotIn, true),
            "=" or "==" => (LabelOperator.In, false),
            "!=" => (LabelOperator.NotIn, false),
            ">" => (LabelOperator.GreaterThan, false),
            "<" => (LabelOperator.LessThan, false),
            _ => throw Unreadable(
                $"unable to parse requirement: found '{name}', expected: in, notin, =, ==, !=, gt, lt"),
        };
        var values = isList ? Values(words) : [Value(words)];
        Check(key, operation, values);
        return new LabelRequirement(key, operation, values);
    }

    private static string Value(LabelSelectorWords words) => words.IsWord ? words.Take()
        : words.IsAtEnd || words.Peek == "," ? ""
        : throw Unreadable($"unable to parse requirement: found '{words.Peek}', expected: identifier");

    /// <summary>Words between parentheses; nothing between two commas is an empty value.</summary>
    private static List<string> Values(LabelSelectorWords words)
    {
        if (words.Take() is not "(" and var other)
        {
            throw Unreadable($"unable to parse requirement: found '{other}' expected: '('");
        }
        var values = new List<string>();
        while (true)
        {
            values.Add(words.IsWord ? words.Take() : "");
            switch (words.Take())
            {
                case ",":
                    continue;
                case ")":
                    return values;
                case var found:
                    throw Unreadable($"unable to parse requirement: found '{found}', expected: ',' or ')'");
            }
        }
    }

    private static void Check(string key, LabelOperator operation, List<string> values)
    {
        foreach (var (place, value) in values.Index())
        {
            if (Names.LabelValue(value) is { } wrong)
            {
                throw Unreadable(
                    $"unable to parse requirement: values[{place}][{key}]: Invalid value: \"{value}\": {wrong}");
            }
            if (operation is LabelOperator.GreaterThan or LabelOperator.LessThan
                && LabelRequirement.Number(value) is null)
            {
                throw Unreadable($"unable to parse requirement: values[{place}]: Invalid value: \"{value}\": "
                    + "for 'Gt', 'Lt' operators, the value must be an integer");
            }
        }
    }

    private static StatusException Unreadable(string why) => StatusException.BadRequest(why);
}
