using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Diagnostics;

namespace Dataplane.Cli.Diagnostics;

/// <summary>
/// Counts the notes that large inputs have in large numbers: skipped kinds, and pods made from templates. What
/// containers ask for and do not get is neither printed nor counted, as most nodes run nothing; -v shows it.
/// </summary>
internal static class NoteSummary
{
    /// <summary>True if the note is counted instead of printed.</summary>
    public static bool Covers(Diagnostic note) => note is
    {
        Severity: Severity.Note,
        Tally: not null,
        Code: Codes.SkippedKind or Codes.WorkloadPods or Codes.MakesPods or Codes.NotRun,
    };

    /// <summary>
    /// <c>skipped: 7 Service, 1 Ingress; 9 workloads count as 14 pods; 2 workloads count as what they own (-v shows
    /// each)</c>; null if there is nothing to count.
    /// </summary>
    public static string? Of(IReadOnlyList<Diagnostic> notes)
    {
        var (skipped, makers) = (Kinds(notes, Codes.SkippedKind), Kinds(notes, Codes.MakesPods));
        var counted = notes.Where(n => n.Code == Codes.WorkloadPods).ToLookup(n => n.Tally!.Value.Thing);
        var workloads = counted["pod"].Select(n => n.Tally!.Value.Number).ToList();
        var owners = counted["owner"].Count();
        string[] parts =
        [
            .. skipped is [] ? (string[])[] : [$"skipped: {string.Join(", ", skipped)}"],
            .. makers is [] ? (string[])[] : [$"may make pods: {string.Join(", ", makers)}"],
            .. workloads is [] ? (string[])[] : [
                $"{Words.Count(workloads.Count, "workload")} {(workloads.Count == 1 ? "counts" : "count")} as "
                    + Words.Count(workloads.Sum(), "pod")
            ],
            .. owners == 0 ? (string[])[] : [
                Words.Count(owners, "workload")
                    + (owners == 1 ? " counts as what it owns" : " count as what they own")
            ],
        ];
        return parts is [] ? null : $"{string.Join("; ", parts)} (-v shows each)";
    }

    /// <summary><c>7 Service</c>, <c>1 Ingress</c>: the most frequent first.</summary>
    private static List<string> Kinds(IReadOnlyList<Diagnostic> notes, string code) => [.. notes
        .Where(n => n.Code == code)
        .GroupBy(n => n.Tally!.Value.Thing, n => n.Tally!.Value.Number)
        .Select(g => (Kind: g.Key, Number: g.Sum()))
        .OrderByDescending(s => s.Number)
        .ThenBy(s => s.Kind, StringComparer.Ordinal)
        .Select(s => $"{s.Number} {s.Kind}")];
}
