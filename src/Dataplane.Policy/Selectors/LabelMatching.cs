using Dataplane.Kubernetes.Objects;

namespace Dataplane.Policy.Selectors;

/// <summary>
/// metav1.LabelSelector against labels, as the API text has it: requirements are ANDed; keys and values compare byte by
/// byte (case matters).
/// </summary>
public static class LabelMatching
{
    /// <summary>True for a selector without requirements.</summary>
    public static bool Matches(this LabelSelector selector, IReadOnlyDictionary<string, string> labels)
    {
        foreach (var requirement in selector.Requirements)
        {
            if (!requirement.Matches(labels))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>
    /// <c>NotIn</c> and <c>DoesNotExist</c> hold for labels that lack the key; <c>Exists</c> holds for an empty value.
    /// </summary>
    public static bool Matches(this SelectorRequirement requirement, IReadOnlyDictionary<string, string> labels)
    {
        var present = labels.TryGetValue(requirement.Key, out var value);
        return requirement.Operator switch
        {
            SelectorOperator.In => present && requirement.Values.Contains(value!, StringComparer.Ordinal),
            SelectorOperator.NotIn => !present || !requirement.Values.Contains(value!, StringComparer.Ordinal),
            SelectorOperator.Exists => present,
            SelectorOperator.DoesNotExist => !present,
            _ => throw new ArgumentOutOfRangeException(nameof(requirement), requirement.Operator, null),
        };
    }
}
