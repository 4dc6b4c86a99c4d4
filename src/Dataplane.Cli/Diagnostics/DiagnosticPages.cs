using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Cli.Diagnostics;

/// <summary>Prints diagnostics as text: notes in one line, the others with their source line.</summary>
internal static class DiagnosticPages
{
    /// <summary>Prints what a command says beside its answer, on stderr.</summary>
    public static void Write(
        Shell shell,
        IReadOnlyList<Diagnostic> diagnostics,
        IReadOnlyDictionary<string, SourceText> sources,
        Remarks remarks)
    {
        var heeded = remarks.Heeded(diagnostics);
        if (remarks.IsQuiet) heeded = [.. heeded.Where(d => d.Severity == Severity.Error)];
        Write(shell.Error, shell.ErrorColours, heeded, sources, remarks);
        WriteSummary(shell, heeded, remarks);
        WriteRefused(shell, diagnostics, remarks);
    }

    /// <summary>Prints all diagnostics but the notes that <see cref="WriteSummary"/> counts.</summary>
    public static void Write(
        Printer output,
        Ansi colours,
        IReadOnlyList<Diagnostic> diagnostics,
        IReadOnlyDictionary<string, SourceText> sources,
        Remarks remarks)
    {
        var notes = diagnostics.Where(d =>
            d.Severity == Severity.Note && (remarks.IsVerbose || !NoteSummary.Covers(d)));
        foreach (var note in notes)
            output.WriteLine($"note[{note.Code}]: {note.Message}  ({note.Position.File}:{note.Position.Line})");
        foreach (var diagnostic in diagnostics.Where(d => d.Severity != Severity.Note))
        {
            var text = DiagnosticRenderer.Render(diagnostic, sources);
            var end = text.IndexOf('\n', StringComparison.Ordinal);
            var headline = text[..end];
            var isError = diagnostic.Severity == Severity.Error;
            output.WriteLine($"{(isError ? colours.Red(headline) : colours.Yellow(headline))}");
            output.Write(text[(end + 1)..]);
            output.WriteLine();
        }
    }

    /// <summary>Prints the counted notes in one line on stderr.</summary>
    public static void WriteSummary(Shell shell, IReadOnlyList<Diagnostic> diagnostics, Remarks remarks)
    {
        if (remarks.IsVerbose || remarks.IsQuiet) return;
        if (NoteSummary.Of([.. diagnostics.Where(NoteSummary.Covers)]) is { } summary) shell.Error.WriteLine(summary);
    }

    /// <summary>Says on stderr which codes of <c>--ignore</c> are errors here, which are not left out.</summary>
    public static void WriteRefused(Shell shell, IReadOnlyList<Diagnostic> diagnostics, Remarks remarks)
    {
        foreach (var code in remarks.Refused(diagnostics))
            shell.Error.WriteLine($"--ignore {code}: it is an error here, and errors are not left out");
    }
}
