using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Diagnostics;

/// <summary>
/// The edit that a help text describes, for programs. Where the help offers several ways, it is the first of them.
/// Equal by content.
/// </summary>
/// <param name="edits">Of one file, without overlap. Places are those of the text as it was read.</param>
public sealed class Fix(IEnumerable<TextEdit> edits) : IEquatable<Fix>
{
    public Fix(params TextEdit[] edits)
        : this(edits.AsEnumerable())
    {
    }

    public IReadOnlyList<TextEdit> Edits { get; } = [.. edits];

    public bool Equals(Fix? other) => other is not null && Edits.SequenceEqual(other.Edits);

    public override bool Equals(object? obj) => Equals(obj as Fix);

    public override int GetHashCode() => Edits.Count == 0 ? 0 : HashCode.Combine(Edits.Count, Edits[0]);
}
