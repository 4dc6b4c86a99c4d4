using Dataplane.Api;
using Dataplane.Cli.Output;
using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Cli.Diagnostics;

/// <summary>Converts diagnostics for JSON and for GitHub.</summary>
internal static class DiagnosticData
{
    public static ValidateDocument ToDocument(IReadOnlyList<Diagnostic> diagnostics) => new(
        [.. diagnostics.Select(d => new DiagnosticDocument(
            d.Code, Word(d.Severity), d.Message, d.Position.File, d.Position.Line, d.Position.Column, d.Help, d.Note,
            Edits(d)))],
        diagnostics.Count(d => d.Severity == Severity.Error), diagnostics.Count(d => d.Severity == Severity.Warning));

    /// <summary>What the help describes, for programs; null where it names no exact edit.</summary>
    private static IReadOnlyList<TextEditDocument>? Edits(Diagnostic diagnostic) => diagnostic.Fix is not { } fix ? null
        : [.. fix.Edits.Select(e => new TextEditDocument(
            e.Start.Line, e.Start.Column, e.End.Line, e.End.Column, e.Replacement))];

    public static IReadOnlyList<Diagnostic> FromDaemon(IEnumerable<DiagnosticEntry> entries) =>
    [
        .. entries.Select(e => new Diagnostic(
            e.Code,
            e.Severity switch { "error" => Severity.Error, "warning" => Severity.Warning, _ => Severity.Note },
            e.Message,
            new SourcePosition(e.File, e.Line, e.Column),
            Note: e.Note,
            Help: e.Help)),
    ];

    /// <summary>Writes workflow commands of GitHub: one annotation a line.</summary>
    public static void WriteGitHub(Printer output, IReadOnlyList<Diagnostic> diagnostics)
    {
        foreach (var d in diagnostics)
        {
            var command = d.Severity == Severity.Note ? "notice" : Word(d.Severity);
            var text = string.Join("\n", ((string?[])[d.Message, d.Note, d.Help]).Where(t => t is not null));
            output.WriteLine($"::{command} "
                + $"file={Property(d.Position.File)},line={d.Position.Line},col={d.Position.Column},"
                + $"endColumn={d.Position.Column + Math.Max(1, d.Length)},title={Property(d.Code)}::{Data(text)}");
        }
    }

    private static string Word(Severity severity) =>
        severity switch { Severity.Error => "error", Severity.Warning => "warning", _ => "note" };

    /// <summary>The escapes of actions/toolkit, command.ts.</summary>
    private static string Data(string text) => text
        .Replace("%", "%25", StringComparison.Ordinal)
        .Replace("\r", "%0D", StringComparison.Ordinal)
        .Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) => Data(text)
        .Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}
