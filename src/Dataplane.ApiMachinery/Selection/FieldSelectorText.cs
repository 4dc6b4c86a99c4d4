using System.Text;
using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Resources;
using Dataplane.ApiMachinery.Statuses;

namespace Dataplane.ApiMachinery.Selection;

/// <summary>
/// The <c>fieldSelector</c> of a request: <c>metadata.name=x,status.phase!=Running</c>. All of its terms must hold; in
/// values a backslash stands before a backslash, a comma and an equals sign. Immutable.
/// </summary>
public sealed class FieldSelectorText
{
    private readonly IReadOnlyList<Term> _terms;

    private FieldSelectorText(IReadOnlyList<Term> terms) => _terms = terms;

    /// <summary>Nothing is asked: every object matches.</summary>
    public bool IsEmpty => _terms.Count == 0;

    /// <summary>The only name that can match; null: more than one can.</summary>
    public string? Name => _terms.FirstOrDefault(t => t is { Field: "metadata.name", IsEqual: true })?.Value;

    /// <param name="text">Null or empty: every object.</param>
    /// <exception cref="StatusException">It is no selector, or no field of the kind to select by (400).</exception>
    public static FieldSelectorText Parse(string? text, ApiResource resource)
    {
        var terms = new List<Term>();
        foreach (var part in Parts(text ?? "").Where(p => p.Length > 0))
        {
            var at = part.IndexOf('=');
            if (at <= 0)
            {
                throw StatusException.BadRequest($"invalid selector: '{text}'; can't understand '{part}'");
            }
            var isEqual = part[at - 1] != '!';
            var field = isEqual ? part[..at] : part[..(at - 1)];
            var value = part[(at + (isEqual && at + 1 < part.Length && part[at + 1] == '=' ? 2 : 1))..];
            if (SelectableFields.Refusal(resource, field) is { } refusal)
            {
                throw StatusException.BadRequest(refusal);
            }
            terms.Add(new Term(field, Unescaped(value), isEqual));
        }
        return new FieldSelectorText(terms);
    }

    public bool Matches(JsonObject obj) =>
        _terms.All(t => SelectableFields.Value(obj, t.Field) == t.Value == t.IsEqual);

    /// <summary>What stands between commas that no backslash is before.</summary>
    private static IEnumerable<string> Parts(string text)
    {
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == ',')
            {
                yield return text[start..i];
                start = i + 1;
            }
        }
        yield return text[start..];
    }

    private static string Unescaped(string value)
    {
        var result = new StringBuilder();
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] is '=' or ',')
            {
                throw StatusException.BadRequest(
                    $"invalid field selector: unescaped character in value: {(int)value[i]}");
            }
            if (value[i] == '\\')
            {
                i++;
                if (i == value.Length || value[i] is not ('\\' or ',' or '='))
                {
                    var sequence = value[(i - 1)..Math.Min(i + 1, value.Length)];
                    throw StatusException.BadRequest(
                        $"invalid field selector: invalid escape sequence: {sequence}");
                }
            }
            result.Append(value[i]);
        }
        return result.ToString();
    }

    private sealed record Term(string Field, string Value, bool IsEqual);
}
