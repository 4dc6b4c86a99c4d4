using Dataplane.Cli.Terminal;
using Dataplane.Policy.Diff;

namespace Dataplane.Cli.Diff;

/// <summary>Writes a diff as Markdown, for a comment in a merge request.</summary>
internal static class DiffMarkdown
{
    public static void Write(TextWriter output, ClusterDiff diff)
    {
        output.WriteLine($"### Network policy: {DiffTable.Summary(diff)}");
        WriteFlows(output, new FlowChanges(diff.Opened, diff.Closed));
        if (diff.Exposure.Count > 0)
        {
            output.WriteLine($"\n#### {DiffTable.ExposureTitle}");
            WriteFlows(output, diff.Exposure);
        }
        if (diff.Objects.Count == 0) return;
        output.WriteLine();
        foreach (var change in diff.Objects)
        {
            output.WriteLine($"- {Word(change.Change)}: {change.Kind} `{change.Name}` "
                + $"({change.Position.File}:{change.Position.Line})");
        }
    }

    private static void WriteFlows(TextWriter output, FlowChanges changes)
    {
        if (changes.Count == 0) return;
        output.WriteLine("\n| | from | to | ports | |\n|---|---|---|---|---|");
        foreach (var change in changes.Closed) WriteFlow(output, "closed", change);
        foreach (var change in changes.Opened) WriteFlow(output, "**opened**", change);
    }

    /// <summary>Names are in code spans, because <c>x/*</c> would be read as emphasis.</summary>
    private static void WriteFlow(TextWriter output, string word, FlowChange change) => output.WriteLine(
        $"| {word} | `{DiffTable.Shorten(change.FromText)}` | `{DiffTable.Shorten(change.ToText)}` | "
            + $"{change.PortsText} | {Words.Families(change.Families)} |");

    public static string Word(ObjectChangeKind change) => change switch
    {
        ObjectChangeKind.Added => "added",
        ObjectChangeKind.Removed => "removed",
        _ => "changed",
    };
}
