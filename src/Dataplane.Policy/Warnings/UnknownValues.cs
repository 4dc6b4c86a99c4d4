using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Warnings;

/// <summary>
/// Selectors against labels whose value only a controller knows: in a cluster it may be the one that is asked for.
/// </summary>
internal static class UnknownValues
{
    /// <summary>Whether the selector matches for some value of each label that is not known.</summary>
    public static bool MayMatch(this LabelSelector selector, IReadOnlyDictionary<string, string> labels) =>
        selector.Requirements.All(r => r.MayMatch(labels));

    /// <inheritdoc cref="MayMatch(LabelSelector, IReadOnlyDictionary{string, string})"/>
    public static bool MayMatch(this SelectorRequirement requirement, IReadOnlyDictionary<string, string> labels) =>
        requirement.Matches(labels) || (requirement.Operator == SelectorOperator.In
            && labels.TryGetValue(requirement.Key, out var value) && value == ControllerLabels.Unknown);
}
