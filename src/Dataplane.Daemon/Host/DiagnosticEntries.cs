using Dataplane.Api;
using Dataplane.Kubernetes.Diagnostics;

namespace Dataplane.Daemon.Host;

/// <summary>Diagnostics as messages of the API.</summary>
internal static class DiagnosticEntries
{
    public static IReadOnlyList<DiagnosticEntry> ToEntries(this IEnumerable<Diagnostic> diagnostics) =>
        [.. diagnostics.Select(ToEntry)];

    private static DiagnosticEntry ToEntry(Diagnostic d) =>
        new(d.Code, Word(d.Severity), d.Message, d.Position.File, d.Position.Line, d.Position.Column)
        {
            Help = d.Help, Note = d.Note,
        };

    private static string Word(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        _ => "note",
    };
}
