using Dataplane.Daemon.Api;
using Dataplane.Kubernetes.Diagnostics;

namespace Dataplane.Daemon.Host;

/// <summary>Diagnostics as the API tells them.</summary>
internal static class DiagnosticEntries
{
    /// <summary>The one code of the daemon's own; docs/diagnostics.md has its section.</summary>
    public const string TwoSources = "D001";

    public static DiagnosticEntry ToEntry(this Diagnostic d) =>
        new(d.Code, Word(d.Severity), d.Message, d.Position.File, d.Position.Line, d.Position.Column) { Help = d.Help, Note = d.Note };

    public static IReadOnlyList<DiagnosticEntry> ToEntries(this IEnumerable<Diagnostic> diagnostics) => [.. diagnostics.Select(ToEntry)];

    private static string Word(Severity severity) => severity switch { Severity.Error => "error", Severity.Warning => "warning", _ => "note" };
}
