using Dataplane.Kubernetes.Objects;

namespace Dataplane.Policy.Selectors;

/// <summary>
/// Selectors in the spelling of <c>kubectl get -l</c>: <c>app=client, tier in (a,b), !x</c>. An empty one is <c>{}</c>.
/// </summary>
public static class SelectorText
{
    public static string Text(this LabelSelector selector) => Text(selector.Requirements);

    public static string Text(IReadOnlyCollection<SelectorRequirement> requirements) =>
        requirements.Count == 0 ? "{}" : string.Join(", ", requirements.Select(Text));

    public static string Text(this SelectorRequirement requirement) => requirement.Operator switch
    {
        SelectorOperator.In when requirement.Values.Count == 1 => $"{requirement.Key}={requirement.Values[0]}",
        SelectorOperator.In => $"{requirement.Key} in ({string.Join(',', requirement.Values)})",
        SelectorOperator.NotIn when requirement.Values.Count == 1 => $"{requirement.Key}!={requirement.Values[0]}",
        SelectorOperator.NotIn => $"{requirement.Key} notin ({string.Join(',', requirement.Values)})",
        SelectorOperator.Exists => requirement.Key,
        SelectorOperator.DoesNotExist => $"!{requirement.Key}",
        _ => throw new ArgumentOutOfRangeException(nameof(requirement), requirement.Operator, null),
    };
}
