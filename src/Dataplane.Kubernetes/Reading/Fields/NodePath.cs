using System.Globalization;

namespace Dataplane.Kubernetes.Reading.Fields;

/// <summary>
/// The path of a node for messages, such as <c>NetworkPolicy.spec.ingress[0].from[1]</c>; turned into text only when
/// needed.
/// </summary>
internal sealed class NodePath(NodePath? parent, string name, int index)
{
    public static NodePath Root(string kind) => new(null, kind, -1);

    public NodePath Field(string field) => new(this, field, -1);

    public NodePath Item(int item) => new(this, "", item);

    /// <summary>The path without the kind in front.</summary>
    public string BelowKind =>
        ToString() is var text && text.IndexOf('.') is var dot and >= 0 ? text[(dot + 1)..] : text;

    public override string ToString()
        => index >= 0 ? $"{parent}[{index.ToString(CultureInfo.InvariantCulture)}]" : parent is null
            ? name : $"{parent}.{name}";
}
