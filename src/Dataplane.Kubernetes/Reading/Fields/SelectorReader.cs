using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Fields;

/// <summary>metav1.LabelSelector.</summary>
internal static class SelectorReader
{
    private static readonly FieldTable Requirement = new("LabelSelectorRequirement", "key", "operator", "values");

    public static readonly FieldTable Table = new("LabelSelector",
        new Field("matchLabels", FieldShape.Map, WhenEmpty: "an empty `matchLabels` matches EVERY object"),
        new Field("matchExpressions", FieldShape.List, Requirement));

    private static readonly string[] Operators = ["In", "NotIn", "Exists", "DoesNotExist"];

    /// <summary>
    /// Requirements that are invalid are reported and left out; the selector is then only good for finding more errors.
    /// </summary>
    public static LabelSelector Read(NodeReader at)
    {
        var requirements = new List<SelectorRequirement>();
        if (at.Mapping(Table) is { } selector)
        {
            if (selector.Field("matchLabels") is { } labels)
            {
                requirements.AddRange(Labels.Entries(labels)
                    .Select(l => new SelectorRequirement(l.Key, SelectorOperator.In, [l.Value], l.Position)));
            }
            foreach (var item in selector.Items("matchExpressions"))
            {
                if (ReadRequirement(item) is { } requirement)
                {
                    requirements.Add(requirement);
                }
            }
        }
        return new LabelSelector(requirements, at.Position);
    }

    private static SelectorRequirement? ReadRequirement(NodeReader at)
    {
        if (at.Mapping(Requirement) is not { } expression)
        {
            return null;
        }
        var key = expression.Required("key") is { } k && k.String() is { } text
            && Labels.CheckKey(k, text) ? text : null;
        var op = expression.Required("operator") is { } o ? ReadOperator(o) : null;
        var items = expression.Items("values");
        var values = items.Select(Labels.CheckedValue).ToList();
        if (op is SelectorOperator.In or SelectorOperator.NotIn && items.Count == 0)
        {
            expression.Key("values").Error(Codes.InvalidSelector,
                $"{expression.Self.Path}: {op} needs at least one value", help: "list them under `values:`");
            return null;
        }
        if (op is SelectorOperator.Exists or SelectorOperator.DoesNotExist && items.Count > 0)
        {
            expression.Key("values").Error(Codes.InvalidSelector, $"{expression.Self.Path}: {op} takes no values",
                help: "remove `values`, or use In or NotIn");
            return null;
        }
        return key is null || op is null || values.Contains(null)
            ? null : new SelectorRequirement(key, op.Value, [.. values.OfType<string>()], at.Position);
    }

    private static SelectorOperator? ReadOperator(NodeReader at)
        => Words.Read(at, Operators) is { } word ? Enum.Parse<SelectorOperator>(word) : null;
}

/// <summary>Fields that take one of a few words, spelled exactly.</summary>
internal static class Words
{
    /// <param name="help">What to do about a wrong word, where it is not a slip of the pen.</param>
    public static string? Read(NodeReader at, IReadOnlyList<string> allowed, string? help = null)
    {
        if (at.Node is not YamlScalar)
        {
            at.WrongType($"one of {string.Join(", ", allowed)}");
            return null;
        }
        if (at.String() is not { } word)
        {
            return null;
        }
        if (allowed.Contains(word))
        {
            return word;
        }
        var better = help is null ? Suggest.Nearest(word, allowed) : null;
        at.Error(Codes.NotOneOf, $"{Quote.Of(word)} is not one of {string.Join(", ", allowed)}",
            $"not a value of {Quote.Of(at.Path.BelowKind)}",
            help: better is null ? help : $"did you mean {Quote.Of(better)}?",
            fix: better is null ? null : at.Replaced(better));
        return null;
    }
}
