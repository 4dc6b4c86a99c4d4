using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Loading.Foreign;

/// <summary>Texts with <c>{{ }}</c> that Helm or another program has yet to fill in.</summary>
internal static class Templates
{
    private const string Action = "{{", Statement = "{%";

    /// <summary>Whether the text holds an action of a template.</summary>
    public static bool IsIn(ReadOnlySpan<char> text) =>
        text.Contains(Action, StringComparison.Ordinal) || text.Contains(Statement, StringComparison.Ordinal);

    /// <summary>
    /// Whether every error comes of actions. Any other error could be a fault in a policy.
    /// </summary>
    public static bool Explain(DiagnosticBag bag, SourceText source) => bag.HasErrors && IsIn(source.Text)
        && bag.Found.Where(d => d.Severity == Severity.Error).GroupBy(d => DocumentAt(source, d.Position.Line))
            .All(errors => Explain(errors.ToList(), source));

    /// <summary>
    /// Whether the errors of one document come of actions: it is no YAML because of one, so that nothing else said
    /// about it counts, or all of them stand in lines with actions.
    /// </summary>
    private static bool Explain(List<Diagnostic> errors, SourceText source) =>
        errors.Exists(d => d.Code[0] == 'Y' && (HasAction(source, d) || IsIn(source.Line(d.Position.Line - 1))))
        || errors.TrueForAll(d => HasAction(source, d));

    private static bool HasAction(SourceText source, Diagnostic error) => IsIn(source.Line(error.Position.Line));

    /// <summary>The line in which the document begins.</summary>
    private static int DocumentAt(SourceText source, int line)
    {
        while (line > source.FirstLine && !DocumentSlices.IsMarker(source.Line(line), "---"))
        {
            line--;
        }
        return line;
    }
}
