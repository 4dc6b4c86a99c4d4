using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Objects;

public enum SelectorOperator { In, NotIn, Exists, DoesNotExist }

public sealed record SelectorRequirement(string Key, SelectorOperator Operator, IReadOnlyList<string> Values,
    SourcePosition Position);

/// <summary>
/// metav1.LabelSelector. matchLabels entries arrive as <see cref="SelectorOperator.In"/> with one value; all
/// requirements must hold; no requirement at all selects everything.
/// </summary>
public sealed record LabelSelector(IReadOnlyList<SelectorRequirement> Requirements, SourcePosition Position);
