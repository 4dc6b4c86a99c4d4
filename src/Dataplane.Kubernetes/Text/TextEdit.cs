namespace Dataplane.Kubernetes.Text;

/// <summary>Replaces the text from <paramref name="Start"/> up to, not including, <paramref name="End"/>.</summary>
/// <param name="Start">Equal to <paramref name="End"/> where text is only inserted.</param>
public readonly record struct TextEdit(SourcePosition Start, SourcePosition End, string Replacement);
