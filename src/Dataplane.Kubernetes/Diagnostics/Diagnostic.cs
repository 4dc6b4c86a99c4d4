using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Diagnostics;

public enum Severity { Error, Warning, Note }

/// <summary>
/// One finding about the input: what is wrong, where, what it would mean for traffic, and the exact remedy.
/// </summary>
/// <param name="Code">Stable: Y... for YAML, K... for Kubernetes schema and validation, S... for semantics.</param>
/// <param name="Length">Characters to underline from <paramref name="Position"/> on; at least 1.</param>
/// <param name="Label">A few words beside the caret.</param>
/// <param name="Note">The consequence, above all for traffic.</param>
/// <param name="Help">The exact edit that repairs it.</param>
public sealed record Diagnostic(
    string Code, Severity Severity, string Message, SourcePosition Position,
    int Length = 1, string? Label = null, string? Note = null, string? Help = null)
{
    /// <summary>
    /// The other place that belongs to the finding (the first of two duplicates, the sibling field); null where there
    /// is none.
    /// </summary>
    public RelatedPlace? Related { get; init; }

    /// <summary>The finding is a note about a document that would be an error if it were loaded by itself.</summary>
    public bool IsLeftOut { get; init; }

    /// <summary>What a note that many objects have adds to a sum; null for other findings.</summary>
    public Tally? Tally { get; init; }

    /// <summary>What <see cref="Help"/> describes, as an edit of the text; null where it names no exact one.</summary>
    public Fix? Fix { get; init; }
}

/// <summary>A number of things of one kind, such as 3 pods.</summary>
/// <param name="Thing">In the singular.</param>
public readonly record struct Tally(string Thing, int Number);

/// <summary>A second place shown with a diagnostic, underlined with dashes.</summary>
/// <param name="Length">Characters to underline; at least 1.</param>
/// <param name="Label">A few words beside the underline.</param>
public readonly record struct RelatedPlace(SourcePosition Position, int Length, string Label);
