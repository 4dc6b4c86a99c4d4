using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Cli.Diagnostics;

/// <summary>Prints diagnostics as text: notes in one line, the others with their source line.</summary>
internal static class DiagnosticPages
{
    public static void Write(
        TextWriter output,
        Ansi colours,
        IReadOnlyList<Diagnostic> diagnostics,
        IReadOnlyDictionary<string, SourceText> sources)
    {
        foreach (var note in diagnostics.Where(d => d.Severity == Severity.Note))
            output.WriteLine($"note[{note.Code}]: {note.Message}  ({note.Position.File}:{note.Position.Line})");
        foreach (var diagnostic in diagnostics.Where(d => d.Severity != Severity.Note))
        {
            var text = DiagnosticRenderer.Render(diagnostic, sources);
            var end = text.IndexOf('\n', StringComparison.Ordinal);
            var headline = text[..end];
            output.Write((diagnostic.Severity == Severity.Error ? colours.Red(headline) : colours.Yellow(headline))
                + text[end..]);
            output.WriteLine();
        }
    }
}
