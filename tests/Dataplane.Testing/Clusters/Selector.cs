using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Selectors;

namespace Dataplane.Testing.Clusters;

/// <summary>
/// Selectors from the text that <see cref="SelectorText"/> prints: <c>app=a, tier in (a,b), x!=y, z notin (a,b), !k, k,
/// {}</c>.
/// </summary>
public static class Selector
{
    public static readonly SourcePosition Nowhere = new("test.yaml", 1, 1);

    public static LabelSelector Of(string text)
    {
        text = text.Trim();
        return new LabelSelector(text is "" or "{}" ? [] : [.. Split(text).Select(Requirement)], Nowhere);
    }

    /// <summary><c>a=b, c=d</c> as labels; an empty value is written <c>a=</c>.</summary>
    public static IReadOnlyDictionary<string, string> Labels(string text) =>
        text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[1]);

    private static IEnumerable<string> Split(string text)
    {
        var start = 0;
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (text[i] == ',' && depth == 0)
            {
                yield return text[start..i].Trim();
                start = i + 1;
            }
        }
        yield return text[start..].Trim();
    }

    private static SelectorRequirement Requirement(string text)
    {
        if (text.StartsWith('!'))
        {
            return new SelectorRequirement(text[1..], SelectorOperator.DoesNotExist, [], Nowhere);
        }
        foreach (var (infix, op) in new[]
        {
            (" notin ", SelectorOperator.NotIn), (" in ", SelectorOperator.In), ("!=", SelectorOperator.NotIn),
            ("=", SelectorOperator.In),
        })
        {
            if (text.Split(infix, 2) is [var key, var values])
            {
                return new SelectorRequirement(key, op, values.Trim('(', ')').Split(','), Nowhere);
            }
        }
        return new SelectorRequirement(text, SelectorOperator.Exists, [], Nowhere);
    }
}
