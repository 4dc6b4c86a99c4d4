using Dataplane.Kubernetes.Diagnostics;

namespace Dataplane.Cli.Diagnostics;

/// <summary>What is said about manifests beside errors.</summary>
/// <param name="IsVerbose">Every note in full.</param>
/// <param name="IsQuiet">Neither notes nor warnings on stderr.</param>
/// <param name="Ignored">Codes whose warnings and notes are left out.</param>
internal sealed record Remarks(bool IsVerbose, bool IsQuiet, IReadOnlySet<string> Ignored)
{
    public static readonly Remarks Default = new(false, false, new HashSet<string>());

    /// <summary>Leaves out warnings and notes whose codes are ignored; errors stay.</summary>
    public IReadOnlyList<Diagnostic> Heeded(IReadOnlyList<Diagnostic> diagnostics) => Ignored.Count == 0
        ? diagnostics
        : [.. diagnostics.Where(d => d.Severity == Severity.Error || !Ignored.Contains(d.Code))];

    /// <summary>Codes of errors that the command line asks to ignore.</summary>
    public IEnumerable<string> Refused(IReadOnlyList<Diagnostic> diagnostics) =>
        diagnostics.Where(d => d.Severity == Severity.Error && Ignored.Contains(d.Code)).Select(d => d.Code).Distinct();
}
