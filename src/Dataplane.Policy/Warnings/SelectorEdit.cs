using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Policy.Warnings;

/// <summary>One requirement of a selector replaced by another label, as words and as an edit.</summary>
/// <param name="At">The requirement.</param>
/// <param name="Key">Of the label to select instead.</param>
/// <param name="Value">The value of the requirement that is wrong; null where all of it is replaced.</param>
/// <param name="Better">The value in its place.</param>
internal sealed record SelectorEdit(SelectorRequirement At, string Key, string? Value, string Better)
{
    /// <summary>What to write, in the form that the requirement has in the manifest.</summary>
    public string Text(YamlText? yaml) => IsLabel(yaml) ? $"{YamlText.Word(Key)}: {YamlText.Word(Better)}"
        : $"{{key: {YamlText.Word(Key)}, operator: In, values: [{string.Join(", ", Values.Select(YamlText.Word))}]}}";

    /// <summary>Null where the text is not at hand, or not laid out as usual.</summary>
    public Fix? Fix(YamlText? yaml)
    {
        if (yaml is null)
        {
            return null;
        }
        if (IsLabel(yaml))
        {
            return yaml.ValueOf(At.Position) is { } value
                ? new Fix(new TextEdit(At.Position, EndOfWord(yaml, value), Text(yaml))) : null;
        }
        if (yaml.IsFlow(At.Position))
        {
            return new Fix(new TextEdit(At.Position, yaml.End(At.Position, inFlow: true), Text(yaml)));
        }
        return yaml.Dash(At.Position) is { } dash ? new Fix(new TextEdit(At.Position,
            yaml.EndOf(yaml.LastLine(yaml.Place(At.Position.Line, dash))), Text(yaml))) : null;
    }

    private IReadOnlyList<string> Values => Value is not null && Key == At.Key
        ? [.. At.Values.Select(v => v == Value ? Better : v).Distinct(StringComparer.Ordinal)] : [Better];

    /// <summary>Whether the requirement is an entry of matchLabels: then its place is that of its key.</summary>
    private bool IsLabel(YamlText? yaml) => At is { Operator: SelectorOperator.In, Values.Count: 1 } && (yaml is null
        || ((yaml.Has(At.Position, At.Key) || yaml.Has(At.Position, $"\"{At.Key}\"") || yaml.Has(At.Position,
            $"'{At.Key}'")) && yaml.ValueOf(At.Position) is not null && !(At.Key is "key" or "operator" or "values")));

    /// <summary>A label's value has no blank, so that it ends at one, or with a bracket or a comma.</summary>
    private static SourcePosition EndOfWord(YamlText yaml, SourcePosition value)
    {
        var (flow, block) = (yaml.End(value, inFlow: true), yaml.End(value, inFlow: false));
        return flow.Line == value.Line && flow.Column < block.Column ? flow : block;
    }
}
